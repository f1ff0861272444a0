package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.groundwork.simulators.Calls;
import io.groundwork.simulators.Fault;
import io.groundwork.simulators.Faults;
import io.groundwork.simulators.Json;
import io.groundwork.simulators.Routes;
import io.groundwork.simulators.redfish.Profile.Feature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Takes a call from the wire, has it carried out or spoilt, and puts the answer on the wire, as DSP0266 has it. */
final class RedfishHandler implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(RedfishHandler.class.getName());
    private static final int MAX_BODY = 1024 * 1024;
    private static final Set<String> QUERY_OPTIONS = Set.of("$top", "$skip");
    /** The fleet's root, or a BMC's; what follows the version. */
    private static final Pattern PATH = Pattern.compile("(?:/bmc/(?<server>[^/]+))?/redfish(?<rest>/.*)?");

    private static final String ANONYMOUS = "";
    private static final String BASIC = "basic";

    private final Fleet fleet;
    private final Credentials credentials;
    private final Routes<Route> routes;
    private final Faults faults;
    private final Calls calls;
    private final Sessions fleetSessions = new Sessions();

    RedfishHandler(Fleet fleet, Credentials credentials, Routes<Route> routes, Faults faults, Calls calls) {
        this.fleet = fleet;
        this.credentials = credentials;
        this.routes = routes;
        this.faults = faults;
        this.calls = calls;
    }

    static Routes<Route> routes(Credentials credentials) {
        var table = new Route.Table();
        new ServiceResources(credentials).addTo(table);
        new SystemResources().addTo(table);
        new ManagerResources().addTo(table);
        return table.routes;
    }

    /** A call on its way through, as far as it is understood. */
    private static final class Progress {
        private final Instant arrived;
        private String action = "unknown";
        private @Nullable String server;
        private Fault.@Nullable Kind fault;

        Progress(Instant arrived) {
            this.arrived = arrived;
        }
    }

    /** Closing an exchange that has no answer closes its connection. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var progress = new Progress(fleet.now());
            var outcome = "ok";
            @Nullable Answer answer;
            try {
                answer = answer(exchange, progress);
                if (answer == null) {
                    outcome = "no answer";
                }
            } catch (RedfishException e) {
                outcome = e.message().shortId();
                answer = Answer.refused(e);
            } catch (InterruptedException e) {
                return; // the simulator stops
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "Redfish simulator failed on " + progress.action, e);
                outcome = Message.INTERNAL_ERROR.shortId();
                answer = Answer.refused(new RedfishException(500, Message.INTERNAL_ERROR));
            }
            calls.record(new Calls.Call(
                    progress.arrived,
                    progress.action,
                    progress.server,
                    answer == null ? 0 : answer.status(),
                    outcome,
                    progress.fault));
            if (answer != null) {
                send(exchange, answer);
            }
        }
    }

    /** Null for no answer at all. */
    private @Nullable Answer answer(HttpExchange exchange, Progress progress) throws IOException, InterruptedException {
        var uri = exchange.getRequestURI();
        var path = uri.getRawPath();
        var body = exchange.getRequestBody().readNBytes(MAX_BODY);
        var matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            throw RedfishException.notFound(path);
        }
        var name = matcher.group("server");
        var bmc = fleet.server(name).orElse(null);
        if (name != null && bmc == null) {
            throw RedfishException.notFound(path);
        }
        progress.server = name;
        if (bmc != null && bmc.alone(machine -> machine.isBmcAway(fleet.now()))) {
            return null;
        }
        var rest = matcher.group("rest");
        var base = name == null ? "/redfish" : "/bmc/" + name + "/redfish";
        if (rest == null || rest.equals("/")) {
            return Answer.ok(Json.MAPPER.createObjectNode().put("v1", base + "/v1/"));
        }
        if (!rest.equals("/v1") && !rest.startsWith("/v1/")) {
            throw RedfishException.notFound(path);
        }
        var method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        var relative = rest.substring("/v1".length());
        var match = routes.find(method, relative).orElse(null);
        if (match == null) {
            return noRoute(exchange, path, relative);
        }
        var route = match.target();
        progress.action = route.action();
        var holder = bmc == null ? holder(match.parameters()) : bmc;
        progress.server = holder == null ? null : holder.id();
        var caller = caller(exchange, bmc, route.isOpen());

        var fault = faults.hit(route.action(), progress.server).orElse(null);
        progress.fault = fault == null ? null : fault.kind();
        if (fault != null) {
            var spoilt = spoil(fault);
            if (spoilt != null) {
                return spoilt;
            }
            if (fault.kind() == Fault.Kind.RESET || fault.kind() == Fault.Kind.HANG) {
                return null;
            }
        }
        checkHeaders(exchange, body);
        var call = new Call(
                fleet,
                base + "/v1",
                path.replaceAll("(?<=.)/+$", ""),
                bmc,
                match.parameters(),
                query(uri.getRawQuery(), method),
                parse(body),
                caller.user,
                caller.session,
                fleetSessions,
                fleet.now(),
                fleet.settings());
        var answer = carryOut(route, call, holder, exchange, progress);
        return fault != null && fault.kind() == Fault.Kind.LOSE_RESPONSE ? null : answer;
    }

    private Answer noRoute(HttpExchange exchange, String path, String relative) {
        var methods = routes.methods(relative);
        if (methods.isEmpty()) {
            throw RedfishException.notFound(path);
        }
        exchange.getResponseHeaders().set("Allow", String.join(", ", methods));
        throw new RedfishException(405, Message.OPERATION_NOT_ALLOWED);
    }

    /** Whose machine it is about, below the root of the whole fleet. */
    private @Nullable Server holder(Map<String, String> parameters) {
        for (var name : new String[] {"system", "chassis", "manager"}) {
            if (parameters.containsKey(name)) {
                return fleet.server(parameters.get(name)).orElse(null);
            }
        }
        var task = parameters.get("task");
        return task == null || !task.contains("-")
                ? null
                : fleet.server(task.substring(0, task.lastIndexOf('-'))).orElse(null);
    }

    private record Caller(String user, String session) {}

    private Caller caller(HttpExchange exchange, @Nullable Server bmc, boolean isOpen) {
        var headers = exchange.getRequestHeaders();
        var token = headers.getFirst("X-Auth-Token");
        if (token != null) {
            var session = bmc == null
                    ? fleetSessions.use(token, fleet.now(), fleet.settings())
                    : bmc.alone(machine -> machine.sessions.use(token, fleet.now(), fleet.settings()));
            if (session.isPresent()) {
                var id = session.get().id();
                return new Caller(session.get().user(), bmc == null ? "fleet-" + id : id);
            }
        }
        var basic = headers.getFirst("Authorization");
        if (basic != null && basic.regionMatches(true, 0, "Basic ", 0, 6)) {
            var pair = decode(basic.substring(6)).split(":", 2);
            if (pair.length == 2 && credentials.fit(bmc, pair[0], pair[1])) {
                return new Caller(pair[0], BASIC);
            }
        }
        if (isOpen) {
            return new Caller(ANONYMOUS, ANONYMOUS);
        }
        throw new RedfishException(401, Message.NO_VALID_SESSION);
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** What a fault answers instead of carrying the call out; null if it lets it pass or leaves it without an answer. */
    private static @Nullable Answer spoil(Fault fault) throws InterruptedException {
        return switch (fault.kind()) {
            case FAIL -> {
                var code = fault.code();
                var status = code != null && code.matches("[45]\\d\\d") ? Integer.parseInt(code) : 500;
                yield Answer.refused(new RedfishException(status, Message.INTERNAL_ERROR));
            }
            case THROTTLE, NO_CAPACITY ->
                Answer.refused(new RedfishException(503, Message.SERVICE_TEMPORARILY_UNAVAILABLE, "1"))
                        .with("Retry-After", "1");
            case DELAY, HANG -> {
                fault.hold();
                yield null;
            }
            case RESET, LOSE_RESPONSE -> null;
        };
    }

    private static void checkHeaders(HttpExchange exchange, byte[] body) {
        var version = exchange.getRequestHeaders().getFirst("OData-Version");
        if (version != null && !version.strip().equals("4.0")) {
            throw new RedfishException(412, Message.HEADER_INVALID, "OData-Version");
        }
        var type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (body.length > 0 && (type == null || !type.contains("json"))) {
            throw new RedfishException(415, Message.HEADER_INVALID, "Content-Type");
        }
    }

    private static Map<String, String> query(@Nullable String raw, String method) {
        var query = Routes.query(raw);
        query.keySet().stream()
                .filter(name -> name.startsWith("$") && !(method.equals("GET") && QUERY_OPTIONS.contains(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new RedfishException(501, Message.QUERY_PARAMETER_UNSUPPORTED, name);
                });
        return query;
    }

    private static JsonNode parse(byte[] body) throws IOException {
        if (body.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            var node = Json.MAPPER.readTree(body);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            // Told below.
        }
        throw new RedfishException(400, Message.MALFORMED_JSON);
    }

    private Answer carryOut(Route route, Call call, @Nullable Server holder, HttpExchange exchange, Progress progress) {
        var method = exchange.getRequestMethod();
        var onMachine = route.machine();
        var onService = route.service();
        if (onMachine == null) {
            if (onService == null) {
                throw new IllegalStateException("a route has one of the two");
            }
            return conditional(method, call, call.profile(), exchange, onService);
        }
        if (holder == null) {
            throw call.notFound();
        }
        return holder.alone(machine -> {
            checkNames(call, machine);
            var answer =
                    conditional(method, call, machine.spec.profile(), exchange, each -> onMachine.apply(each, machine));
            if (!method.equals("GET") && !method.equals("HEAD")) {
                machine.mutated(call.session(), route.action(), progress.arrived, call.now());
            }
            return answer;
        });
    }

    /** A BMC knows its own parts only. */
    private static void checkNames(Call call, Machine machine) {
        var parameters = call.parameters();
        var profile = machine.spec.profile();
        if (!call.isAggregate()
                && (!parameters.getOrDefault("system", profile.systemId()).equals(profile.systemId())
                        || !parameters
                                .getOrDefault("chassis", profile.systemId())
                                .equals(profile.systemId())
                        || !parameters
                                .getOrDefault("manager", profile.managerId())
                                .equals(profile.managerId()))) {
            throw call.notFound();
        }
    }

    /** {@code If-Match} before a change, {@code If-None-Match} after a reading, and the ETag of what is answered. */
    private Answer conditional(
            String method, Call call, Profile profile, HttpExchange exchange, Function<Call, Answer> carryOut) {
        if (!profile.has(Feature.ETAGS)) {
            return carryOut.apply(call);
        }
        var headers = exchange.getRequestHeaders();
        if (method.equals("PATCH")) {
            var wanted = headers.getFirst("If-Match");
            if (wanted == null && profile.has(Feature.IF_MATCH_REQUIRED)) {
                throw new RedfishException(428, Message.PRECONDITION_REQUIRED);
            }
            if (wanted != null && !matches(wanted, etag(current(call)))) {
                throw new RedfishException(412, Message.PRECONDITION_FAILED);
            }
        }
        var answer = carryOut.apply(call);
        if (answer.status() != 200 || !(method.equals("GET") || method.equals("PATCH"))) {
            return answer;
        }
        var etag = etag(answer);
        var known = headers.getFirst("If-None-Match");
        return method.equals("GET") && known != null && matches(known, etag)
                ? new Answer(304, null, Map.of("ETag", etag))
                : answer.with("ETag", etag);
    }

    /** The resource as a GET would show it; its lock is held already. */
    private Answer current(Call call) {
        var relative = call.path().substring(call.root().length());
        var route = routes.find("GET", relative).orElseThrow(call::notFound).target();
        var onService = route.service();
        var onMachine = route.machine();
        if (onService != null) {
            return onService.apply(call);
        }
        var holder = call.bmc() == null ? holder(call.parameters()) : call.bmc();
        if (holder == null || onMachine == null) {
            throw call.notFound();
        }
        return holder.alone(machine -> onMachine.apply(call, machine));
    }

    private static String etag(Answer answer) {
        var crc = new CRC32C();
        crc.update(String.valueOf(answer.body()).getBytes(StandardCharsets.UTF_8));
        return "W/\"" + Long.toHexString(crc.getValue()) + "\"";
    }

    private static boolean matches(String header, String etag) {
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || strong(each).equals(strong(etag)));
    }

    private static String strong(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("OData-Version", "4.0");
        headers.set("Cache-Control", "no-cache");
        if (answer.status() == 401) {
            headers.set("WWW-Authenticate", "Basic realm=\"Redfish\"");
        }
        answer.headers().forEach(headers::set);
        if (answer.body() == null) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        var bytes = Json.MAPPER.writeValueAsBytes(answer.body());
        headers.set("Content-Type", "application/json;charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Every action's name. */
    static Set<String> actions(Routes<Route> routes) {
        return routes.targets().stream().map(Route::action).collect(Collectors.toSet());
    }
}
