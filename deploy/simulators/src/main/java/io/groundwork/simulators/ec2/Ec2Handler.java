package io.groundwork.simulators.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.groundwork.simulators.Calls;
import io.groundwork.simulators.Fault;
import io.groundwork.simulators.Faults;
import io.groundwork.simulators.ec2.Actions.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes a call of the Query API from the wire, has it carried out or spoilt, and puts the answer on the wire. */
final class Ec2Handler implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(Ec2Handler.class.getName());
    private static final String EC2_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
    private static final String STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final int MAX_BODY = 2 * 1024 * 1024;

    private final Cloud cloud;
    private final Credentials credentials;
    private final Actions actions;
    private final Faults faults;
    private final Calls calls;
    private final Supplier<Ec2Settings> settings;
    private final InstantSource clock;

    Ec2Handler(
            Cloud cloud,
            Credentials credentials,
            Actions actions,
            Faults faults,
            Calls calls,
            Supplier<Ec2Settings> settings,
            InstantSource clock) {
        this.cloud = cloud;
        this.credentials = credentials;
        this.actions = actions;
        this.faults = faults;
        this.calls = calls;
        this.settings = settings;
        this.clock = clock;
    }

    /** A call on its way through, as far as it is understood: what an error answer and the count of calls need. */
    private static final class Progress {
        private final Instant arrived;
        private String action = "unknown";
        private Service service = Service.EC2;
        private @Nullable String region;
        private Fault.@Nullable Kind fault;

        Progress(Instant arrived) {
            this.arrived = arrived;
        }
    }

    /** Closing an exchange that has no answer closes its connection. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            var requestId = UUID.randomUUID().toString();
            var progress = new Progress(now());
            var status = 200;
            var outcome = "ok";
            String document;
            try {
                var answer = answer(exchange, progress);
                if (answer.isEmpty()) {
                    record(progress, 0, "no answer");
                    return;
                }
                document = document(progress, requestId, answer.get());
            } catch (Ec2Exception e) {
                var error = inTermsOf(progress.service, e);
                status = error.status();
                outcome = error.code();
                document = error(progress.service, requestId, error);
            } catch (InterruptedException e) {
                return; // the simulator stops
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "EC2 simulator failed on " + progress.action, e);
                status = 500;
                outcome = "InternalError";
                document =
                        error(progress.service, requestId, new Ec2Exception(outcome, "An internal error has occurred"));
            }
            record(progress, status, outcome);
            send(exchange, status, requestId, document);
        }
    }

    /** In milliseconds, as EC2 writes times. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void record(Progress progress, int status, String outcome) {
        calls.record(
                new Calls.Call(progress.arrived, progress.action, progress.region, status, outcome, progress.fault));
    }

    /** The elements of the answer; empty if it is to be lost. */
    private Optional<Xml> answer(HttpExchange exchange, Progress progress) throws IOException, InterruptedException {
        var body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new Ec2Exception("RequestEntityTooLarge", "The request is larger than " + MAX_BODY + " bytes");
        }
        var request = new Signature.SignedRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawQuery(),
                exchange.getRequestHeaders(),
                Signature.hex(Signature.sha256(body)));
        var parameters = Parameters.parse(request.rawQuery(), new String(body, StandardCharsets.UTF_8));
        var action = parameters
                .string("Action")
                .orElseThrow(() -> new Ec2Exception(
                        "MissingAction", "The request must contain the parameter Action; this is a simulator of EC2"));
        var entry = actions.named(action);
        progress.action = action;
        progress.service = entry.service();
        var signature = Signature.of(request)
                .orElseThrow(() -> new Ec2Exception(
                        "MissingAuthenticationToken",
                        "The request must be signed by AWS Signature Version 4 with the configured access key"));
        var identity = credentials.authenticate(signature, request, progress.arrived);
        var region = cloud.region(signature.region());
        progress.region = region.name();

        var fault = faults.hit(action, region.name()).orElse(null);
        progress.fault = fault == null ? null : fault.kind();
        if (fault != null && !spoil(fault, action)) {
            return Optional.empty();
        }
        var now = now();
        var call = new Call(action, parameters, region, identity, settings.get(), now);
        // Written while the region's lock is held, so that one answer shows one moment.
        var content = region.alone(now, () -> {
            if (parameters.flag("DryRun")) {
                throw new Ec2Exception("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
            }
            var answer = new Xml();
            entry.action().answer(call, answer);
            return answer;
        });
        return fault != null && fault.kind() == Fault.Kind.LOSE_RESPONSE ? Optional.empty() : Optional.of(content);
    }

    /** What a fault does before the call is carried out; whether it is carried out at all. */
    private static boolean spoil(Fault fault, String action) throws InterruptedException {
        return switch (fault.kind()) {
            case FAIL -> {
                var code = fault.code() == null ? "InvalidParameterCombination" : fault.code();
                throw new Ec2Exception(code, "The simulator was told to fail " + action);
            }
            case THROTTLE -> throw new Ec2Exception("RequestLimitExceeded", "Request limit exceeded.");
            case NO_CAPACITY -> throw Ec2Exception.noCapacity("the requested", "all");
            case RESET -> false;
            case DELAY, HANG -> {
                fault.hold();
                yield fault.kind() == Fault.Kind.DELAY;
            }
            case LOSE_RESPONSE -> true; // lost only after the call was carried out
        };
    }

    /** STS has other codes for the same refusal. */
    private static Ec2Exception inTermsOf(Service service, Ec2Exception error) {
        return service == Service.STS && error.code().equals("AuthFailure")
                ? new Ec2Exception("InvalidClientTokenId", "The security token included in the request is invalid.")
                : error;
    }

    private static String document(Progress progress, String requestId, Xml content) {
        var root = progress.action + "Response";
        return switch (progress.service) {
            case EC2 ->
                Xml.document(root, EC2_NAMESPACE, xml -> {
                    xml.text("requestId", requestId).append(content);
                });
            case STS ->
                Xml.document(
                        root,
                        STS_NAMESPACE,
                        xml -> xml.nested(progress.action + "Result", result -> result.append(content))
                                .nested("ResponseMetadata", metadata -> metadata.text("RequestId", requestId)));
        };
    }

    private static String error(Service service, String requestId, Ec2Exception error) {
        return switch (service) {
            case EC2 ->
                Xml.document(
                        "Response",
                        null,
                        xml -> xml.nested(
                                        "Errors",
                                        errors -> errors.nested(
                                                "Error",
                                                one -> one.text("Code", error.code())
                                                        .text("Message", error.getMessage())))
                                .text("RequestID", requestId));
            case STS ->
                Xml.document(
                        "ErrorResponse",
                        STS_NAMESPACE,
                        xml -> xml.nested(
                                        "Error",
                                        one -> one.text("Type", error.status() < 500 ? "Sender" : "Receiver")
                                                .text("Code", error.code())
                                                .text("Message", error.getMessage()))
                                .text("RequestId", requestId));
        };
    }

    private static void send(HttpExchange exchange, int status, String requestId, String document) throws IOException {
        var bytes = Signature.utf8(document);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "text/xml;charset=UTF-8");
        headers.set("x-amzn-RequestId", requestId);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
