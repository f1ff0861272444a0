package io.groundwork.approval.api;

import io.groundwork.approval.domain.Answer;
import io.groundwork.approval.domain.Answer.State;
import io.groundwork.approval.domain.Decide;
import io.groundwork.approval.domain.Wording;
import io.groundwork.approval.view.ApprovalCase;
import io.groundwork.approval.view.ApprovalView;
import io.groundwork.events.Owner;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.streams.CommandGateway;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Collectors;

/** Asks the one judge, and remembers from the audit what that judge has forgotten. */
@ApplicationScoped
public class Decisions {

    private final CommandGateway gateway;
    private final ApprovalView view;

    public Decisions(CommandGateway gateway, ApprovalView view) {
        this.gateway = gateway;
        this.view = view;
    }

    /**
     * Decides, and waits for what became of it.
     *
     * @throws CommandGateway.Unavailable if that is not known in time, or the view is behind; asking again is safe
     */
    Answer decide(ResourceId resource, Decide decide) {
        var answer = gateway.ask(Topics.commands(Owner.APPROVAL), resource.toString(), Decide.TYPE, decide)
                .as(Answer.class);
        if (answer.state() != State.UNKNOWN) {
            return answer;
        }
        // another request was put on the resource since, so this one has ended
        var known = view.await(decide.request(), one -> !one.open());
        if (known.filter(ApprovalCase::open).isPresent()) {
            throw ApprovalView.behind();
        }
        return known.map(one -> ended(one, decide)).orElse(answer);
    }

    private static Answer ended(ApprovalCase known, Decide decide) {
        if (known.approvers().stream().noneMatch(decide.approver()::equalsIgnoreCase)) {
            return new Answer(
                    403, known.state(), decide.approver() + " is not one of this request's approvers.", List.of());
        }
        return new Answer(known.decided() ? 409 : 410, known.state(), sentence(known), List.of());
    }

    /** What a request has come to. */
    static String sentence(ApprovalCase known) {
        return switch (known.state()) {
            case AWAITING_APPROVAL ->
                known.decisions().isEmpty()
                        ? "This request waits for a decision."
                        : "This request waits for %d of %d approvals."
                                .formatted(known.quorum() - known.decisions().size(), known.quorum());
            case APPROVED, REJECTED -> "Already decided: " + decisions(known) + ".";
            case EXPIRED ->
                "This request expired" + (known.deadline() == null ? "" : " at " + Wording.time(known.deadline()))
                        + ".";
            case WITHDRAWN -> "This request was withdrawn: " + known.note() + ".";
            case FAILED -> "This request could be put to nobody: " + known.note();
            case UNKNOWN -> "This request is not open for a decision.";
        };
    }

    private static String decisions(ApprovalCase known) {
        return known.decisions().stream().map(Wording::decision).collect(Collectors.joining("; "));
    }
}
