package io.groundwork.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Brings one request from its POST to its end, as its team, its approver and an external system would see it.
 *
 * <p>Exit code 0: the end asked for; 1: another end; 2: usage; 3: the stack cannot start.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Submits an example, decides on it through the mailed link and follows it to its end.")
public final class Demo implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGION = "eu-central-1";
    /** Where its fault hits, so that it spares what others make meanwhile. */
    private static final String FAULTY_REGION = "us-east-1";

    private static final Duration MAIL_PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LINK = Pattern.compile("https?://\\S+/approvals/\\S+");
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

    @Option(names = "--reject", description = "The approver rejects.")
    private boolean reject;

    @Option(names = "--expire", description = "Nobody decides in time.")
    private boolean expire;

    @Option(names = "--fail", paramLabel = "provision|grant", description = "The third machine, or the grant, fails.")
    private String fail = "";

    @Option(names = "--metal", description = "With a server beside the machines, installed when they stand.")
    private boolean metal;

    @Option(names = "--data", description = "The stack's data directory (default: ${DEFAULT-VALUE}).")
    private Path data =
            Path.of(Optional.ofNullable(System.getenv("GROUNDWORK_HOME")).orElse("."), ".groundwork");

    @Option(names = "--up", hidden = true, split = "\n", description = "The command that starts a stack.")
    private List<String> up = List.of("./groundwork", "up");

    private final Http http = new Http();

    public static void main(String... args) {
        System.exit(new CommandLine(new Demo())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    System.err.println("groundwork demo: " + failure.getMessage());
                    return failure instanceof Stack.CannotStart ? 3 : 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!List.of("", "provision", "grant").contains(fail)
                || (reject ? 1 : 0) + (expire ? 1 : 0) + (fail.isEmpty() ? 0 : 1) > 1) {
            System.err.println("groundwork demo: choose one of --reject, --expire, --fail=provision, --fail=grant");
            return 2;
        }
        var command = new ArrayList<>(up);
        command.addAll(List.of("--data", data.toString()));
        try (var stack = Stack.of(data, command);
                var completions = new Completions(stack.endpoints().of("kafka"))) {
            return run(stack.endpoints(), completions) ? 0 : 1;
        }
    }

    private boolean run(Endpoints at, Completions completions) throws IOException, InterruptedException {
        var resource = "acme/payments/demo-" + UUID.randomUUID().toString().substring(0, 8);
        var fault = region().equals(FAULTY_REGION) ? refuseTheThirdMachine(at) : 0;
        try {
            var id = submit(at, resource);
            if (!expire) {
                decide(at, resource);
            } else {
                say("Nobody decides; the approval expires in a few seconds.");
            }
            http.follow(at.of("request-service") + "/v1/requests/" + id + "/timeline", Demo::printEvent);
            var end = http.get(at.of("request-service") + "/v1/requests/" + id)
                    .expect(200)
                    .json();
            say("\nIt ended " + end.path("state").asText() + reason(end) + ".");
            var told = printCompletion(completions, id);
            var state = end.path("state").asText();
            return told && state.equals(wanted()) && (state.equals("COMPLETED") || nothingLeft(at, resource));
        } finally {
            if (fault != 0) {
                clear(at, fault);
            }
        }
    }

    private String region() {
        return fail.equals("provision") ? FAULTY_REGION : REGION;
    }

    /** Sets a fault and answers its id. */
    private long refuseTheThirdMachine(Endpoints at) {
        var fault = JSON.createObjectNode()
                .put("action", "RunInstances")
                .put("kind", "fail")
                .put("times", 1)
                .put("after", 2)
                .put("scope", FAULTY_REGION);
        var set = http.postJson(at.of("ec2") + "/_groundwork/faults", fault)
                .expect(201)
                .json();
        say("EC2 will refuse to launch the third machine in " + FAULTY_REGION + ".");
        return set.path("id").asLong();
    }

    /** The simulator clears all faults of a region at once: those of others stay, and ours, which hits once, with them. */
    private void clear(Endpoints at, long fault) {
        for (var standing : items(at.of("ec2") + "/_groundwork/faults")) {
            if (standing.path("scope").asText().equals(FAULTY_REGION)
                    && standing.path("id").asLong() != fault) {
                return;
            }
        }
        http.delete(at.of("ec2") + "/_groundwork/faults?scope=" + FAULTY_REGION);
    }

    private String wanted() {
        return reject ? "REJECTED" : expire ? "EXPIRED" : fail.isEmpty() ? "COMPLETED" : "FAILED";
    }

    private String submit(Endpoints at, String resource) {
        var body = example(resource);
        say("POST " + at.of("request-service") + "/v1/requests\n" + body.toPrettyString());
        var answer = http.postJson(at.of("request-service") + "/v1/requests", body)
                .expect(202)
                .json();
        say("202 " + answer.toPrettyString());
        return answer.path("id").asText();
    }

    private ObjectNode example(String resource) {
        var body = JSON.createObjectNode()
                .put("operation", "deploy")
                .put("resource", resource)
                .put("approvalTimeout", expire ? "PT5S" : "PT2M");
        body.putArray("approvers").add("lead@acme.example");
        var components = body.putArray("components");
        components
                .addObject()
                .put("name", "web")
                .put("type", "cloud.vm")
                .put("count", 3)
                .put("flavor", "m.small")
                .put("image", "debian-12")
                .putArray("networks")
                .add("default");
        if (metal) {
            // a stack that has only just started is still cleaning its servers
            body.put("onNoCapacity", "wait").put("capacityTimeout", "PT2M");
            var server = components
                    .addObject()
                    .put("name", "db")
                    .put("type", "metal.server")
                    .put("count", 1)
                    .put("site", "ams1")
                    .put("serverType", "m1.large")
                    .put("osTemplate", "debian-12")
                    .put("userData", "#cloud-config\nbootcmd: [\"echo web is ${web.instances[0].privateIp}\"]\n");
            server.putArray("dependsOn").add("web");
            server.putArray("preferredServers").add("srv-5");
            server.putArray("networks").add("default");
        }
        // the directory lets the group hold operator and viewer in a project, not admin
        body.putArray("access")
                .addObject()
                .put("group", "payments-devs")
                .put("role", fail.equals("grant") ? "admin" : "operator");
        return body;
    }

    /** As the approver's browser would: opens the link of the mail, and sends the page's form with a decision. */
    private void decide(Endpoints at, String resource) throws InterruptedException {
        var link = await("the approval's mail", () -> {
            for (var mail :
                    http.get(at.of("inbox") + "/api/messages").expect(200).json()) {
                var text = mail.path("text").asText();
                if (text.contains(resource) && mail.path("to").asText().equals("lead@acme.example")) {
                    say("\nMail to " + mail.path("to").asText() + ": "
                            + mail.path("subject").asText() + "\n"
                            + text.indent(4).stripTrailing());
                    return LINK.matcher(text);
                }
            }
            return null;
        });
        if (!link.find()) {
            throw new Http.Refused("the mail has no link");
        }
        var page = http.get(link.group()).expect(200).body();
        Map<String, String> form = new LinkedHashMap<>();
        for (var hidden = HIDDEN.matcher(page); hidden.find(); ) {
            form.put(hidden.group(1), hidden.group(2));
        }
        form.put("decision", reject ? "reject" : "approve");
        form.put("reason", reject ? "Not this quarter." : "Needed for the launch.");
        if (!reject) {
            form.put("region", region());
            form.put("profile", "standard");
        }
        http.postForm(link.group(), form).expect(200);
        say("\nlead@acme.example opened the link and " + (reject ? "rejected" : "approved") + ".\n");
    }

    private static void printEvent(JsonNode event) {
        var step = event.path("step").asText();
        System.out.printf(
                "  %-24s %6d ms  %-28s %s%n",
                event.path("at").asText(),
                event.path("latencyMs").asLong(),
                event.path("type").asText() + (step.isEmpty() || step.equals("null") ? "" : " (" + step + ")"),
                event.path("summary").asText());
    }

    /** Whether the end was told to external systems too. */
    private static boolean printCompletion(Completions completions, String id) throws IOException {
        var completion = completions.of(id, Duration.ofSeconds(10));
        say(
                completion.isEmpty()
                        ? "No completion record was read."
                        : "request.completions.v1: "
                                + JSON.readTree(completion.get()).toPrettyString());
        return completion.isPresent();
    }

    /** After an end that is not COMPLETED no machine, server, grant or claim stays behind. */
    private boolean nothingLeft(Endpoints at, String resource) throws InterruptedException {
        var left = await("the views to show the end", () -> {
            var now = left(at, resource);
            return now.isEmpty() ? now : null;
        });
        say("Left behind: no machine, no server, no grant, no claim.");
        return left.isEmpty();
    }

    private List<String> left(Endpoints at, String resource) {
        var left = new ArrayList<String>();
        for (var instance : items(at.of("ec2") + "/_groundwork/instances")) {
            if (instance.path("tags").path("groundwork:resource").asText().equals(resource)
                    && !instance.path("state").asText().equals("terminated")) {
                left.add("machine " + instance.path("id").asText());
            }
        }
        items(at.of("baremetal-provisioner") + "/v1/servers?consumer=" + resource)
                .forEach(server -> left.add("server " + server.path("id").asText()));
        items(at.of("allocation-service") + "/v1/claims?resource=" + resource)
                .forEach(claim -> left.add("claim " + claim));
        items(at.of("iam-service") + "/v1/grants?resource=" + resource).forEach(grant -> left.add("grant " + grant));
        return left;
    }

    private Iterable<JsonNode> items(String url) {
        return http.get(url).expect(200).json().path("items");
    }

    private static String reason(JsonNode end) {
        var error = end.path("error");
        return error.hasNonNull("message")
                ? " (" + error.path("category").asText() + ": "
                        + error.path("message").asText() + ")"
                : "";
    }

    private static <T> T await(String what, Supplier<@Nullable T> look) throws InterruptedException {
        var deadline = Instant.now().plus(MAIL_PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            var found = look.get();
            if (found != null) {
                return found;
            }
            Thread.sleep(100);
        }
        throw new Http.Refused("waited in vain for " + what);
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
