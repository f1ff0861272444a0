package io.groundwork.e2e;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test on the shared stack. It uses resources of its own and leaves a cloud that behaves. Others run beside it; one whose faults
 * hit them too, that counts what all do, or that ends, freezes or loads programs that they need, is isolated.
 */
@ExtendWith(SharedStack.class)
abstract class StackTest {
    protected Stack stack;
    protected Client client;
    protected Approver approver;
    protected Cloud cloud;
    protected Processes processes;

    final void use(Stack shared) {
        stack = shared;
        client = new Client(shared);
        approver = new Approver(shared, client, region());
        cloud = new Cloud(shared, region());
        processes = new Processes(shared);
    }

    /** Where its machines are made and its faults hit. */
    String region() {
        return Ask.REGION;
    }

    @AfterEach
    void clearFaults() {
        cloud.behave();
    }

    protected Topic topic(String name) {
        return Topic.of(stack, name);
    }

    /** The completion records of one request. */
    protected List<Topic.Entry> completions(String request) {
        return topic("request.completions.v1").read().stream()
                .filter(entry ->
                        Json.parse(entry.value()).path("requestId").asText().equals(request))
                .toList();
    }

    /** The id of a deployed infrastructure's request. */
    protected String deployed(Ask ask) {
        var id = client.submit(ask);
        approver.approve(id);
        client.awaits(id, "COMPLETED");
        return id;
    }

    /** Says all that is known about what the test asked for. */
    final void explain(String test) {
        var text = new StringBuilder(
                "\n=== " + test + " failed. Logs: " + stack.logs() + ", after the run " + Stack.KEPT_LOGS + "\n");
        for (var id : client.asked()) {
            try {
                text.append("--- request ")
                        .append(client.get(id).toPrettyString())
                        .append('\n');
                for (var event : Json.items(client.timeline(id))) {
                    text.append("    ").append(event).append('\n');
                }
            } catch (RuntimeException | AssertionError unreachable) {
                text.append("--- request ")
                        .append(id)
                        .append(": ")
                        .append(unreachable)
                        .append('\n');
            }
        }
        System.out.println(text);
    }
}
