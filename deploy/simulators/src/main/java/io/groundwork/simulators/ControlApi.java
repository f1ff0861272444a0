package io.groundwork.simulators;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How people and tests steer a simulator, under {@code /_groundwork/}: {@code faults}, {@code calls}, {@code settings} and
 * the listings of the back end. JSON in and out; wrong input is answered 400 with a problem (RFC 9457) that names every
 * wrong field by its JSON pointer. No credentials: a simulator holds nothing worth guarding.
 */
public final class ControlApi implements HttpHandler {
    public static final String PATH = "/_groundwork/";

    private static final int MAX_BODY = 64 * 1024;

    private final Faults faults;
    private final Calls calls;
    private final Supplier<Object> settings;
    private final Consumer<JsonFields> changeSettings;
    private final Map<String, Function<Map<String, String>, List<?>>> listings;

    /**
     * @param settings the settings of the back end as they are now
     * @param changeSettings changes the settings that are named; ends in {@link JsonFields#check} before it changes any
     * @param listings what can be listed, by its name in the path; the argument is the query
     */
    public ControlApi(
            Faults faults,
            Calls calls,
            Supplier<Object> settings,
            Consumer<JsonFields> changeSettings,
            Map<String, Function<Map<String, String>, List<?>>> listings) {
        this.faults = faults;
        this.calls = calls;
        this.settings = settings;
        this.changeSettings = changeSettings;
        this.listings = Map.copyOf(listings);
    }

    private record CallsAnswer(Map<String, Long> counts, List<Calls.Call> recent) {}

    private record Answer(int status, @Nullable Object body) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readNBytes(MAX_BODY);
            Answer answer;
            try {
                answer = answer(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath().substring(PATH.length()),
                        query(exchange.getRequestURI().getRawQuery()),
                        body);
            } catch (InvalidInputException e) {
                answer = problem(400, "Bad Request", "The request cannot be taken as it is.", e.problems());
            }
            send(exchange, answer);
        }
    }

    private Answer answer(String method, String what, Map<String, String> query, byte[] body) {
        var listing = listings.get(what);
        if (listing != null && method.equals("GET")) {
            return items(listing.apply(query));
        }
        return switch (method + " " + what) {
            case "GET faults" -> items(faults.list());
            case "POST faults" -> new Answer(201, faults.add(faults.read(JsonFields.parse(body))));
            case "DELETE faults" -> {
                faults.clear();
                yield new Answer(204, null);
            }
            case "GET calls" -> new Answer(200, new CallsAnswer(calls.counts(), calls.last(last(query))));
            case "DELETE calls" -> {
                calls.clear();
                yield new Answer(204, null);
            }
            case "GET settings" -> new Answer(200, settings.get());
            case "POST settings" -> {
                changeSettings.accept(JsonFields.parse(body));
                yield new Answer(200, settings.get());
            }
            default -> {
                var all = new TreeSet<>(listings.keySet());
                all.addAll(List.of("calls", "faults", "settings"));
                yield all.contains(what)
                        ? problem(405, "Method Not Allowed", "No " + method + " here.", List.of())
                        : problem(404, "Not Found", "There are " + String.join(", ", all) + ".", List.of());
            }
        };
    }

    private static int last(Map<String, String> query) {
        var last = query.getOrDefault("last", "0");
        if (!last.matches("\\d{1,9}")) {
            throw new InvalidInputException(
                    List.of(new InvalidInputException.Problem("/last", "must be a whole number, not " + last)));
        }
        return Integer.parseInt(last);
    }

    private static Map<String, String> query(@Nullable String raw) {
        var parameters = new HashMap<String, String>();
        if (raw != null) {
            Arrays.stream(raw.split("&")).forEach(pair -> {
                var equals = pair.indexOf('=');
                parameters.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            });
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Answer items(List<?> items) {
        return new Answer(200, Map.of("items", items));
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
