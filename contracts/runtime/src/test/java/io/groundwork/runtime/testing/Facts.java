package io.groundwork.runtime.testing;

import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.Design;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Message;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.Proof;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.runtime.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What request-service and approval-service say around one owner's step, as records: for tests of that owner alone.
 *
 * @param keyId of {@code privateKey}
 * @param privateKey signs approvals: base64 of its PKCS#8 encoding
 */
public record Facts(String keyId, String privateKey) {

    public static final StepId APPROVE = StepId.of(StepKind.APPROVE);

    private static final String REQUESTER = "dev@acme.example";
    private static final List<String> APPROVERS = List.of("lead@acme.example");
    private static final String OPERATOR = "op@acme.example";
    private static final Duration HOUR = Duration.ofHours(1);

    /** A step of {@code owner} that needs the approval alone. */
    public static Step step(Owner owner, StepKind kind, Step.Undo undo, Step.OnFailure onFailure, StepInput input) {
        return new Step(StepId.of(kind), kind, owner, List.of(APPROVE), undo, onFailure, Duration.ofMinutes(1), input);
    }

    /** A request with {@code steps} after its approval starts, and is approved. */
    public List<Message> started(ResourceId resource, long sequence, RequestKind kind, Step... steps) {
        return started(resource, sequence, kind, null, steps);
    }

    /** The same, where the approver had to choose. */
    public List<Message> started(
            ResourceId resource, long sequence, RequestKind kind, @Nullable Choices choices, Step... steps) {
        var approve = new Step(
                APPROVE,
                StepKind.APPROVE,
                Owner.APPROVAL,
                List.of(),
                Step.Undo.NONE,
                Step.OnFailure.COMPENSATE,
                HOUR,
                new StepInput.Approve(REQUESTER, kind, APPROVERS, 1, HOUR, false, Design.EMPTY, "0", "EUR"));
        var plan = new Plan(Stream.concat(Stream.of(approve), Stream.of(steps)).toList());
        var ask = new RequestEvent.Ask(
                kind,
                REQUESTER,
                APPROVERS,
                1,
                HOUR,
                RequestEvent.OnConflict.QUEUE,
                Design.EMPTY,
                "sha256:0",
                List.of(),
                Instant.EPOCH);
        var content = new Proof.Content(
                resource, request(resource, sequence), sequence, APPROVE, plan.digest(), choices, APPROVERS);
        return List.of(
                request(resource, sequence, new RequestEvent.RequestStarted(plan, plan.digest(), ask)),
                fact(
                        Owner.APPROVAL,
                        resource,
                        sequence,
                        APPROVE,
                        1,
                        StepStatus.DONE,
                        new RequestApproved(Proofs.sign(content, keyId, privateKey))));
    }

    public Message canceled(ResourceId resource, long sequence) {
        return request(resource, sequence, new RequestEvent.CancelRequested(REQUESTER, "no longer needed"));
    }

    /** What an operator decided, as request-service says it. */
    public List<Message> intervened(ResourceId resource, long sequence, StepId step, int attempt, Intervention action) {
        var said = new ArrayList<Message>();
        said.add(fact(
                Owner.REQUEST,
                resource,
                sequence,
                step,
                attempt,
                null,
                new RequestEvent.InterventionDecided(action, OPERATOR, "because")));
        if (action == Intervention.ABORT) {
            said.add(request(resource, sequence, new RequestEvent.RequestAborted(OPERATOR, "because")));
        }
        return said;
    }

    public Message closed(ResourceId resource, long sequence) {
        return request(
                resource,
                sequence,
                new RequestEvent.RequestClosed(
                        RequestKind.DEPLOY,
                        Outcome.COMPLETED,
                        null,
                        null,
                        Map.of(),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        List.of()));
    }

    private static Message request(ResourceId resource, long sequence, RequestEvent event) {
        return fact(Owner.REQUEST, resource, sequence, null, 0, null, event);
    }

    /** What {@code by} says of a step. */
    public static Message fact(
            Owner by,
            ResourceId resource,
            long sequence,
            @Nullable StepId step,
            int attempt,
            @Nullable StepStatus status,
            Event event) {
        return EventCodec.write(new Envelope<>(
                new Fact(
                        by,
                        EventTypes.type(by, event.getClass()),
                        new EventId(UUID.randomUUID()),
                        resource,
                        request(resource, sequence),
                        sequence,
                        step,
                        attempt,
                        status,
                        null,
                        Instant.EPOCH,
                        null),
                event));
    }

    private static RequestId request(ResourceId resource, long sequence) {
        return RequestId.of(resource.tenant(), resource + "#" + sequence);
    }
}
