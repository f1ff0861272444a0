package io.groundwork.approval.view;

import io.groundwork.approval.domain.Answer;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that was put to its approvers, as people are shown it.
 *
 * @param state never {@link Answer.State#UNKNOWN}
 * @param deadline null if it was put to nobody
 * @param note why it was withdrawn or could not be put
 */
public record ApprovalCase(
        RequestId request,
        ResourceId resource,
        Answer.State state,
        Ask ask,
        Plan plan,
        List<String> approvers,
        int quorum,
        @Nullable Instant deadline,
        String digest,
        List<DecisionRecorded> decisions,
        @Nullable String note) {

    public ApprovalCase {
        approvers = List.copyOf(approvers);
        decisions = List.copyOf(decisions);
    }

    public boolean open() {
        return state == Answer.State.AWAITING_APPROVAL;
    }

    /** Whether the approvers themselves ended it. */
    public boolean decided() {
        return state == Answer.State.APPROVED || state == Answer.State.REJECTED;
    }

    /** What is asked of the approvers, as the plan says it. */
    public Optional<StepInput.Approve> question() {
        return plan.steps().stream()
                .map(Step::input)
                .filter(StepInput.Approve.class::isInstance)
                .map(StepInput.Approve.class::cast)
                .findFirst();
    }
}
