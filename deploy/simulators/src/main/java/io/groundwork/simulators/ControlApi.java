package io.groundwork.simulators;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How people and tests steer a simulator, under {@code /_groundwork/}: {@code faults}, {@code calls}, {@code settings} and
 * what the back end adds. JSON in and out; wrong input is answered 400 with a problem (RFC 9457) that names every
 * wrong field by its JSON pointer. No credentials: a simulator holds nothing worth guarding.
 */
public final class ControlApi implements HttpHandler {
    public static final String PATH = "/_groundwork/";

    private static final int MAX_BODY = 64 * 1024;

    private final Routes<Action> routes = new Routes<>();

    /**
     * @param settings the settings of the back end as they are now
     * @param changeSettings changes the settings that are named; ends in {@link JsonFields#check} before it changes any
     */
    public ControlApi(Faults faults, Calls calls, Supplier<Object> settings, Consumer<JsonFields> changeSettings) {
        listing("faults", query -> faults.list());
        on("POST", "faults", request -> new Answer(201, faults.add(faults.read(request.fields()))));
        on("DELETE", "faults", request -> {
            var scope = request.query().get("scope");
            if (scope == null) {
                faults.clear();
            } else {
                faults.clear(scope);
            }
            return Answer.NOTHING;
        });
        on("GET", "calls", request -> Answer.of(new CallsAnswer(calls.counts(), calls.last(last(request.query())))));
        on("DELETE", "calls", request -> {
            calls.clear();
            return Answer.NOTHING;
        });
        on("GET", "settings", request -> Answer.of(settings.get()));
        on("POST", "settings", request -> {
            changeSettings.accept(request.fields());
            return Answer.of(settings.get());
        });
    }

    /** Adds what can be listed at a path; the argument is the query. */
    public ControlApi listing(String template, Function<Map<String, String>, List<?>> items) {
        return on("GET", template, request -> Answer.of(Map.of("items", items.apply(request.query()))));
    }

    /** Adds a path, see {@link Routes}. */
    public ControlApi on(String method, String template, Action action) {
        routes.add(method, template, action);
        return this;
    }

    /**
     * A call.
     *
     * @param parameters what stands in the path for the names in the template
     */
    public record Request(Map<String, String> parameters, Map<String, String> query, byte[] body) {
        /** @throws InvalidInputException if the body is not one JSON object */
        public JsonFields fields() {
            return JsonFields.parse(body);
        }

        public String parameter(String name) {
            var value = parameters.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the template has no " + name);
            }
            return value;
        }
    }

    /** Its answer; without a body if that is null. */
    public record Answer(int status, @Nullable Object body) {
        public static final Answer NOTHING = new Answer(204, null);

        public static Answer of(Object body) {
            return new Answer(200, body);
        }
    }

    /** Answers a call. */
    public interface Action {
        /**
         * @throws InvalidInputException answered 400
         * @throws NoSuchElementException answered 404
         */
        Answer answer(Request request);
    }

    private record CallsAnswer(Map<String, Long> counts, List<Calls.Call> recent) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readNBytes(MAX_BODY);
            Answer answer;
            try {
                answer = answer(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getRawPath().substring(PATH.length()),
                        Routes.query(exchange.getRequestURI().getRawQuery()),
                        body);
            } catch (InvalidInputException e) {
                answer = problem(400, "Bad Request", "The request cannot be taken as it is.", e.problems());
            } catch (NoSuchElementException e) {
                answer = problem(404, "Not Found", String.valueOf(e.getMessage()), List.of());
            }
            send(exchange, answer);
        }
    }

    private Answer answer(String method, String path, Map<String, String> query, byte[] body) {
        var match = routes.find(method, path);
        if (match.isPresent()) {
            var found = match.get();
            return found.target().answer(new Request(found.parameters(), query, body));
        }
        return routes.methods(path).isEmpty()
                ? problem(404, "Not Found", "There are " + String.join(", ", routes.templates()) + ".", List.of())
                : problem(405, "Method Not Allowed", "No " + method + " here.", List.of());
    }

    private static int last(Map<String, String> query) {
        var last = query.getOrDefault("last", "0");
        if (!last.matches("\\d{1,9}")) {
            throw new InvalidInputException(
                    List.of(new InvalidInputException.Problem("/last", "must be a whole number, not " + last)));
        }
        return Integer.parseInt(last);
    }

    private static Answer problem(
            int status, String title, String detail, List<InvalidInputException.Problem> problems) {
        var body = new LinkedHashMap<String, Object>();
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.put("errors", problems);
        return new Answer(status, body);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        if (answer.body() == null) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        var bytes = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(answer.body());
        exchange.getResponseHeaders()
                .set("Content-Type", answer.status() < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
