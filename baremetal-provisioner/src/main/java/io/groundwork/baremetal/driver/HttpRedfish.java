package io.groundwork.baremetal.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.baremetal.domain.Hardware;
import io.groundwork.events.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Redfish (DMTF DSP0266) over HTTP, one server behind one service root. Tolerates what makers do differently: optional resources
 * that are not there, 200 for 204, actions that become tasks, resources that are found below the system or below its manager.
 * Calls that only read show the credentials; those that change something show the session's token.
 */
final class HttpRedfish implements Redfish {

    private static final long GIB = 1L << 30;
    private static final Duration UNLESS_SAID = Duration.ofSeconds(5);
    /** The root of a BMC's service never moves; where its parts are is found once. */
    private static final String ROOT = "/redfish/v1/";

    private final HttpClient http;
    private final URI base;
    private final Account account;
    private final Duration callTime;
    private final Map<URI, Layout> layouts;
    private @Nullable String token;
    private @Nullable String session;

    /** Who calls. */
    record Account(String user, String password) {

        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * Where things are.
     *
     * @param sessions null if the BMC has none
     * @param media null if it takes none
     */
    record Layout(
            String system,
            @Nullable String sessions,
            @Nullable String media) {}

    /**
     * @param callTime how long a call may take
     * @param layouts what is known of BMCs, by their addresses; shared
     */
    HttpRedfish(HttpClient http, URI base, Account account, Duration callTime, Map<URI, Layout> layouts) {
        this.http = http;
        this.base = base;
        this.account = account;
        this.callTime = callTime;
        this.layouts = layouts;
    }

    static Map<URI, Layout> layouts() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public Observation observe() {
        var system = system();
        return new Observation(
                text(system.path("PowerState")),
                Objects.requireNonNullElse(text(system.path("AssetTag")), ""),
                text(system.at("/BootProgress/LastState")));
    }

    @Override
    public Hardware hardware() {
        var system = system();
        return new Hardware(
                cpus(system),
                (int) Math.round(
                        system.at("/MemorySummary/TotalSystemMemoryGiB").asDouble(0)),
                drives(system).stream()
                        .map(drive -> (int) (drive.path("CapacityBytes").asLong(0) / GIB))
                        .filter(size -> size > 0)
                        .toList(),
                nics().stream().map(Nic::mac).toList());
    }

    private int cpus(JsonNode system) {
        var logical = system.at("/ProcessorSummary/LogicalProcessorCount").asInt(0);
        if (logical > 0) {
            return logical;
        }
        var threads = members(text(system.at("/Processors/@odata.id"))).stream()
                .filter(processor ->
                        processor.path("ProcessorType").asText("CPU").equals("CPU"))
                .mapToInt(processor -> processor.path("TotalThreads").asInt(0))
                .sum();
        return threads > 0 ? threads : system.at("/ProcessorSummary/CoreCount").asInt(0);
    }

    @Override
    public List<Nic> nics() {
        return members(text(system().at("/EthernetInterfaces/@odata.id"))).stream()
                .map(nic -> new Nic(
                        nic.path("Id").asText(),
                        Objects.requireNonNullElse(
                                        text(nic.path("PermanentMACAddress")),
                                        nic.path("MACAddress").asText())
                                .toLowerCase(Locale.ROOT)))
                .filter(nic -> !nic.mac().isEmpty())
                // nic-2 before nic-10
                .sorted(Comparator.comparingInt((Nic nic) -> nic.id().length()).thenComparing(Nic::id))
                .toList();
    }

    @Override
    public List<Drive> drives() {
        return drives(system()).stream()
                .map(drive -> new Drive(
                        drive.path("@odata.id").asText(), text(drive.at("/Actions/#Drive.SecureErase/target"))))
                .toList();
    }

    private List<JsonNode> drives(JsonNode system) {
        return members(text(system.at("/Storage/@odata.id"))).stream()
                .flatMap(storage -> StreamSupport.stream(storage.path("Drives").spliterator(), false))
                .map(link -> find(link.path("@odata.id").asText()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void login() {
        var sessions = layout().sessions();
        if (sessions == null) {
            return;
        }
        var body =
                Json.MAPPER.createObjectNode().put("UserName", account.user()).put("Password", account.password());
        var answer = loggedIn(sessions, body);
        token = answer.headers().firstValue("X-Auth-Token").orElse(null);
        session = answer.headers()
                .firstValue("Location")
                .map(location -> URI.create(location).getPath())
                .orElseGet(() -> text(json(answer.body()).path("@odata.id")));
    }

    private HttpResponse<byte[]> loggedIn(String sessions, ObjectNode body) {
        try {
            return send("POST", sessions, body, null);
        } catch (RedfishException.Busy full) {
            // as many sessions as it can have may be open: ours are over
            endOthers();
            return send("POST", sessions, body, null);
        }
    }

    @Override
    public void endOthers() {
        var sessions = layout().sessions();
        if (sessions == null) {
            return;
        }
        for (var other : members(sessions)) {
            var path = other.path("@odata.id").asText();
            if (!path.equals(session) && account.user().equals(text(other.path("UserName")))) {
                try {
                    send("DELETE", path, null, null);
                } catch (RedfishException.Refused refused) {
                    if (refused.status() != 404) {
                        throw refused;
                    }
                }
            }
        }
    }

    @Override
    public void reset(Reset type) {
        var action = system().at("/Actions/#ComputerSystem.Reset");
        var allowed = action.path("ResetType@Redfish.AllowableValues");
        var wanted = switch (type) {
            case ON -> List.of("On", "ForceOn");
            case SHUT_DOWN -> List.of("GracefulShutdown", "ForceOff");
            case ASK_TO_SHUT_DOWN -> List.of("GracefulShutdown");
            case FORCE_OFF -> List.of("ForceOff", "PushPowerButton");
            case RESTART -> List.of("ForceRestart", "PowerCycle");
        };
        var name = wanted.stream()
                .filter(one -> !allowed.isArray() || contains(allowed, one))
                .findFirst()
                .orElse(wanted.getFirst());
        act(
                text(action.path("target")),
                layout().system() + "/Actions/ComputerSystem.Reset",
                Json.MAPPER.createObjectNode().put("ResetType", name));
    }

    @Override
    public void prepare(Boot boot, String tag) {
        var system = send("GET", layout().system(), null, null);
        var body = json(system.body());
        var patch = Json.MAPPER.createObjectNode();
        var change = patch.putObject("Boot");
        if (boot.source() == Source.NONE) {
            change.put("BootSourceOverrideEnabled", "Disabled").put("BootSourceOverrideTarget", "None");
        } else {
            var http = boot.source() == Source.HTTP
                    && contains(body.at("/Boot/BootSourceOverrideTarget@Redfish.AllowableValues"), "UefiHttp");
            change.put("BootSourceOverrideEnabled", boot.always() ? "Continuous" : "Once")
                    .put(
                            "BootSourceOverrideTarget",
                            switch (boot.source()) {
                                case DISK -> "Hdd";
                                case CD -> "Cd";
                                case PXE, NONE -> "Pxe";
                                case HTTP -> http ? "UefiHttp" : "Pxe";
                            });
            if (http && boot.uri() != null) {
                change.put("HttpBootUri", boot.uri().toString());
            }
        }
        var etag = system.headers().firstValue("ETag").orElse(text(body.path("@odata.etag")));
        if (body.has("AssetTag")) {
            patch.put("AssetTag", tag);
            try {
                send("PATCH", layout().system(), patch, etag);
                return;
            } catch (RedfishException.Refused refused) {
                if (refused.status() != 400 && refused.status() != 405) {
                    throw refused;
                }
                // it shows a tag and takes none
                patch.remove("AssetTag");
            }
        }
        send("PATCH", layout().system(), patch, etag);
    }

    @Override
    public boolean takesMedia() {
        return layout().media() != null;
    }

    @Override
    public void insert(URI image) {
        var path = media();
        var now = json(send("GET", path, null, null).body());
        if (now.path("Inserted").asBoolean(false)) {
            if (image.toString().equals(text(now.path("Image")))) {
                return;
            }
            eject(path, now);
        }
        act(
                text(now.at("/Actions/#VirtualMedia.InsertMedia/target")),
                path + "/Actions/VirtualMedia.InsertMedia",
                Json.MAPPER
                        .createObjectNode()
                        .put("Image", image.toString())
                        .put("Inserted", true)
                        .put("WriteProtected", true));
    }

    @Override
    public void eject() {
        var path = media();
        var now = json(send("GET", path, null, null).body());
        if (now.path("Inserted").asBoolean(false)) {
            eject(path, now);
        }
    }

    private void eject(String path, JsonNode now) {
        act(
                text(now.at("/Actions/#VirtualMedia.EjectMedia/target")),
                path + "/Actions/VirtualMedia.EjectMedia",
                Json.MAPPER.createObjectNode());
    }

    private String media() {
        var media = layout().media();
        if (media == null) {
            throw new RedfishException.Refused(404, "takes no virtual media");
        }
        return media;
    }

    @Override
    public @Nullable String erase(Drive drive) {
        return act(drive.erase(), drive.id() + "/Actions/Drive.SecureErase", Json.MAPPER.createObjectNode());
    }

    @Override
    public boolean ended(String monitor) {
        var answer = send("GET", monitor, null, null);
        if (answer.statusCode() == 202) {
            return false;
        }
        // a task, where no monitor was given
        var state = text(json(answer.body()).path("TaskState"));
        if (state == null) {
            return true;
        }
        return switch (state) {
            case "Completed" -> true;
            case "Exception", "Killed", "Cancelled", "Interrupted" ->
                throw new RedfishException.Refused(422, "the task ended as " + state);
            default -> false;
        };
    }

    @Override
    public void close() {
        var mine = session;
        if (mine != null) {
            session = null;
            try {
                send("DELETE", mine, null, null);
            } catch (RedfishException leftOver) {
                // its successor ends it
                token = null;
            }
        }
    }

    /** Posts an action; the address of its monitor if it goes on, else null. */
    private @Nullable String act(@Nullable String target, String otherwise, ObjectNode body) {
        var answer = send("POST", target == null ? otherwise : target, body, null);
        return answer.statusCode() != 202
                ? null
                : answer.headers()
                        .firstValue("Location")
                        .map(location -> URI.create(location).getPath())
                        .orElseGet(() -> text(json(answer.body()).path("@odata.id")));
    }

    private JsonNode system() {
        return json(send("GET", layout().system(), null, null).body());
    }

    private Layout layout() {
        var known = layouts.get(base);
        if (known != null) {
            return known;
        }
        var root = json(send("GET", base.getPath() + ROOT, null, null).body());
        var system = first(text(root.at("/Systems/@odata.id")))
                .orElseThrow(() -> new RedfishException.Refused(0, "the service has no system"));
        var sessions = text(root.at("/Links/Sessions/@odata.id"));
        var found = new Layout(system.path("@odata.id").asText(), sessions, findMedia(system));
        layouts.put(base, found);
        return found;
    }

    private @Nullable String findMedia(JsonNode system) {
        var below = new ArrayList<String>();
        Optional.ofNullable(text(system.at("/VirtualMedia/@odata.id"))).ifPresent(below::add);
        for (var manager : system.at("/Links/ManagedBy")) {
            find(manager.path("@odata.id").asText())
                    .map(found -> text(found.at("/VirtualMedia/@odata.id")))
                    .ifPresent(below::add);
        }
        return below.stream()
                .flatMap(collection -> members(collection).stream())
                .filter(media -> contains(media.path("MediaTypes"), "CD") || contains(media.path("MediaTypes"), "DVD"))
                .map(media -> media.path("@odata.id").asText())
                .findFirst()
                .orElse(null);
    }

    private Optional<JsonNode> first(@Nullable String collection) {
        return members(collection).stream().findFirst();
    }

    /** What a collection has, page by page; nothing if it is not there. */
    private List<JsonNode> members(@Nullable String collection) {
        var members = new ArrayList<JsonNode>();
        var page = collection == null ? Optional.<JsonNode>empty() : find(collection);
        while (page.isPresent()) {
            for (var member : page.get().path("Members")) {
                find(member.path("@odata.id").asText()).ifPresent(members::add);
            }
            page = Optional.ofNullable(text(page.get().path("Members@odata.nextLink")))
                    .flatMap(this::find);
        }
        return members;
    }

    /** What is at {@code path}; empty if there is nothing. */
    private Optional<JsonNode> find(String path) {
        try {
            return path.isEmpty()
                    ? Optional.empty()
                    : Optional.of(json(send("GET", path, null, null).body()));
        } catch (RedfishException.Refused refused) {
            if (refused.status() == 404) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private HttpResponse<byte[]> send(String method, String path, @Nullable ObjectNode body, @Nullable String ifMatch) {
        var reads = method.equals("GET");
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(callTime)
                .header("Accept", "application/json")
                .header("OData-Version", "4.0")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Json.write(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        var inSession = token != null;
        if (inSession) {
            request.header("X-Auth-Token", token);
        } else {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString((account.user() + ":" + account.password()).getBytes(UTF_8)));
        }
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new RedfishException.Unreachable(String.valueOf(e), e);
        } catch (SSLException e) {
            throw untrusted(e);
        } catch (IOException e) {
            if (reads) {
                throw new RedfishException.Unreachable(String.valueOf(e), e);
            }
            throw new RedfishException.Unanswered(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedfishException.Unanswered("interrupted", e);
        }
        check(method, path, answer, inSession);
        return answer;
    }

    private static RedfishException untrusted(SSLException e) {
        // a handshake that the other side broke off is a connection that was lost, not a wrong certificate
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException) {
                return new RedfishException.Forbidden("its certificate is not trusted: " + cause.getMessage());
            }
        }
        return new RedfishException.Unreachable(String.valueOf(e), e);
    }

    private static void check(String method, String path, HttpResponse<byte[]> answer, boolean inSession) {
        var status = answer.statusCode();
        if (status < 300) {
            return;
        }
        if (status == 503) {
            throw new RedfishException.Busy(answer.headers()
                    .firstValue("Retry-After")
                    .filter(seconds -> seconds.matches("\\d{1,6}"))
                    .map(seconds -> Duration.ofSeconds(Math.max(1, Long.parseLong(seconds))))
                    .orElse(UNLESS_SAID));
        }
        if (status == 401 && inSession) {
            throw new RedfishException.SessionEnded();
        }
        if (status == 401 || status == 403) {
            throw new RedfishException.Forbidden("it does not take the account (" + status + ")");
        }
        var said = text(json(answer.body()).at("/error/@Message.ExtendedInfo/0/Message"));
        throw new RedfishException.Refused(status, method + " " + path + (said == null ? "" : ": " + said));
    }

    private static boolean contains(JsonNode array, String value) {
        return StreamSupport.stream(array.spliterator(), false)
                .anyMatch(each -> each.asText().equals(value));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : null;
    }

    /** What cannot be read has nothing in it: BMCs answer errors with pages, too. */
    private static JsonNode json(byte[] body) {
        try {
            var tree = body.length == 0 ? MissingNode.getInstance() : Json.MAPPER.readTree(body);
            return tree == null ? JsonNodeFactory.instance.missingNode() : tree;
        } catch (IOException unreadable) {
            return MissingNode.getInstance();
        }
    }
}
