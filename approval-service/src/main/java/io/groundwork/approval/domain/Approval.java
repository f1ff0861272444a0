package io.groundwork.approval.domain;

import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What approval-service keeps of one resource: the question that was put last. Earlier ones stand in the view.
 *
 * @param latest null before the first
 */
public record Approval(@Nullable Question latest) {

    /** Nobody was ever asked about this resource. */
    public static final Approval NONE = new Approval(null);

    /** The question put for {@code request}, if it is the latest. */
    public Optional<Question> question(RequestId request) {
        return Optional.ofNullable(latest).filter(question -> question.request().equals(request));
    }

    /**
     * One step put to its approvers.
     *
     * <pre>
     *   OPEN ─► APPROVED | REJECTED | EXPIRED | WITHDRAWN
     * </pre>
     *
     * @param approvers who may decide, as the directory names them
     * @param quorum how many of them must approve
     * @param deadline to the millisecond; a decision accepted later does not count
     * @param digest of the plan that is decided on
     * @param decisions in the order they were recorded, at most one of each approver
     * @param note why it was withdrawn
     */
    public record Question(
            RequestId request,
            StepId step,
            List<String> approvers,
            int quorum,
            Instant deadline,
            String digest,
            List<DecisionRecorded> decisions,
            Status status,
            @Nullable String note) {

        public Question {
            approvers = List.copyOf(approvers);
            decisions = List.copyOf(decisions);
        }

        public boolean open() {
            return status == Status.OPEN;
        }

        /** Those who approved. */
        List<DecisionRecorded> approvals() {
            return decisions.stream().filter(DecisionRecorded::approved).toList();
        }

        /** What {@code approver} has decided already. */
        Optional<DecisionRecorded> by(String approver) {
            return decisions.stream()
                    .filter(decision -> Identities.same(decision.approver(), approver))
                    .findFirst();
        }

        Question with(DecisionRecorded decision) {
            var more = new ArrayList<>(decisions);
            more.add(decision);
            return new Question(request, step, approvers, quorum, deadline, digest, more, status, note);
        }

        Question end(Status end, @Nullable String why) {
            return new Question(request, step, approvers, quorum, deadline, digest, decisions, end, why);
        }
    }

    /** How a question stands. All but {@link #OPEN} are final. */
    public enum Status {
        OPEN,
        APPROVED,
        REJECTED,
        EXPIRED,
        WITHDRAWN
    }
}
