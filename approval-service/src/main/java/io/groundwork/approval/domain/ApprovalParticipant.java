package io.groundwork.approval.domain;

import io.groundwork.approval.domain.Answer.FieldError;
import io.groundwork.approval.domain.Answer.State;
import io.groundwork.approval.domain.Approval.Question;
import io.groundwork.approval.domain.Approval.Status;
import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.ApprovalEvent.ApprovalExpired;
import io.groundwork.events.ApprovalEvent.ApprovalFailed;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.Directory;
import io.groundwork.events.Envelope;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.MailRequested;
import io.groundwork.events.Owner;
import io.groundwork.events.Proof;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Seal;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the {@code approve} step of a plan to its approvers and is the one judge of what they answer: approve, reject, expire and
 * withdraw exclude each other, as the first that is decided here ends the question.
 *
 * <p>Directory and catalogue are read as they are when a decision is made: who may approve is settled when the question is put,
 * where machines may be placed when it is answered.
 */
public final class ApprovalParticipant implements Participant<Approval, ApprovalEvent> {

    static final String DEADLINE = "deadline";

    private static final String APPROVER = "approver";
    private static final int LONGEST_REASON = 2_000;
    /** Control characters but line ends and tabs, and halves of surrogate pairs: no database takes all of them. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cs}[\\p{Cc}&&[^\\n\\r\\t]]]");

    private final Function<String, Optional<Directory.User>> users;
    private final Predicate<String> regions;
    private final Predicate<String> profiles;
    private final Secrets secrets;

    /**
     * @param users the directory's user of a mail address
     * @param regions whether the catalogue has the region of that name
     * @param profiles whether the catalogue has the profile of that name
     */
    public ApprovalParticipant(
            Function<String, Optional<Directory.User>> users,
            Predicate<String> regions,
            Predicate<String> profiles,
            Secrets secrets) {
        this.users = users;
        this.regions = regions;
        this.profiles = profiles;
        this.secrets = secrets;
    }

    @Override
    public Owner owner() {
        return Owner.APPROVAL;
    }

    @Override
    public Set<Owner> listensTo() {
        return Set.of(Owner.REQUEST);
    }

    @Override
    public Class<Approval> stateType() {
        return Approval.class;
    }

    @Override
    public Approval initial() {
        return Approval.NONE;
    }

    @Override
    public ApprovalEvent refused(Step step, Failure failure) {
        return new ApprovalFailed(failure);
    }

    @Override
    public List<Action<ApprovalEvent>> decide(Situation<Approval> now, Cause cause) {
        var actions = new ArrayList<Action<ApprovalEvent>>();
        now.active()
                .ifPresent(
                        active -> now.due(Owner.APPROVAL).forEach(due -> actions.addAll(due(now, active, due, cause))));
        switch (cause) {
            case Cause.Asked asked -> actions.add(answered(now, asked, actions));
            case Cause.Elapsed elapsed when actions.isEmpty() -> actions.addAll(expired(now, elapsed));
            case Cause.Elapsed moot -> {}
            case Cause.Happened happened -> {}
            case Cause.Answered nothing -> {}
            case Cause.Reconsidered reconsidered -> {}
        }
        return actions;
    }

    private List<Action<ApprovalEvent>> due(Situation<Approval> now, Active active, Due due, Cause cause) {
        var step = due.step().id();
        return switch (due.action()) {
            case START -> ask(now, active, due);
            case SKIP ->
                List.of(Action.step(active, step, due.attempt(), StepStatus.SKIPPED, new StepEvent.StepSkipped()));
            // a question leaves nothing behind, so that undoing it is no more than to withdraw it
            case STOP, UNDO ->
                List.of(
                        Action.step(
                                active,
                                step,
                                due.attempt(),
                                StepStatus.FAILED,
                                new ApprovalWithdrawn(whyBackward(cause))),
                        new Action.CancelTimer<>(DEADLINE));
        };
    }

    private List<Action<ApprovalEvent>> ask(Situation<Approval> now, Active active, Due due) {
        var step = due.step();
        if (!(step.input() instanceof StepInput.Approve input)) {
            return failed(active, due, "The plan does not say what is to be approved.");
        }
        var approvers = approvers(now.resource(), input);
        if (approvers.size() < Math.max(1, input.quorum())) {
            return failed(
                    active,
                    due,
                    "%d approval%s needed, but of the approvers named (%s) only %d can approve for %s: an approver is a user of that tenant with the role approver, and not the requester."
                            .formatted(
                                    input.quorum(),
                                    input.quorum() == 1 ? " is" : "s are",
                                    String.join(", ", input.approvers()),
                                    approvers.size(),
                                    now.resource().tenant()));
        }
        // to the millisecond, as timers and tokens are
        var deadline = now.now().plus(input.timeout()).truncatedTo(ChronoUnit.MILLIS);
        var actions = new ArrayList<Action<ApprovalEvent>>();
        actions.add(Action.step(
                active,
                step.id(),
                due.attempt(),
                StepStatus.RUNNING,
                new ApprovalRequested(approvers, input.quorum(), deadline, active.digest())));
        actions.add(new Action.SetTimer<>(DEADLINE, deadline));
        for (var approver : approvers) {
            actions.add(mail(now.resource(), active, step.id(), input, approver, deadline));
        }
        return actions;
    }

    private List<Action<ApprovalEvent>> failed(Active active, Due due, String message) {
        var failure = Failure.permanent(FailureCategory.VALIDATION, message);
        return List.of(
                Action.step(active, due.step().id(), due.attempt(), StepStatus.FAILED, new ApprovalFailed(failure)));
    }

    /** Those named by the request whom the directory lets decide, each once, as the directory names them. */
    private List<String> approvers(ResourceId resource, StepInput.Approve input) {
        var found = new TreeMap<String, String>();
        for (var named : input.approvers()) {
            if (!Identities.same(named, input.requester())) {
                identity(named)
                        .filter(known -> users.apply(known)
                                .filter(user -> user.tenant().equals(resource.tenant())
                                        && user.roles().contains(APPROVER))
                                .isPresent())
                        .ifPresent(known -> found.putIfAbsent(Identities.normal(known), known));
            }
        }
        return List.copyOf(found.values());
    }

    private Optional<String> identity(String named) {
        return List.of(named, Identities.normal(named)).stream()
                .filter(name -> users.apply(name).isPresent())
                .findFirst();
    }

    private Action<ApprovalEvent> mail(
            ResourceId resource,
            Active active,
            StepId step,
            StepInput.Approve input,
            String approver,
            Instant deadline) {
        var link = secrets.links()
                .url(new Links.Grant(active.request(), resource, step, approver, active.digest(), deadline));
        var id = Uuids.named("mail", active.request().toString(), step.value(), approver);
        return Action.send(
                Topics.MAILS,
                resource.toString(),
                MailRequested.TYPE,
                new MailRequested(
                        id.toString(),
                        active.request(),
                        active.sequence(),
                        resource,
                        approver,
                        "approval",
                        facts(active, resource, input, deadline),
                        Seal.seal(link, secrets.sealKey())));
    }

    private static Map<String, String> facts(
            Active active, ResourceId resource, StepInput.Approve input, Instant deadline) {
        return Map.of(
                "request", active.request().toString(),
                "requester", input.requester(),
                "operation", input.operation().word(),
                "resource", resource.toString(),
                "components", Wording.components(input),
                "access", Wording.access(input),
                "price", Wording.price(input),
                "quorum", Integer.toString(input.quorum()),
                "deadline", Wording.time(deadline));
    }

    private static String whyBackward(Cause cause) {
        if (cause instanceof Cause.Happened happened) {
            if (happened.envelope().event() instanceof RequestEvent.CancelRequested cancel) {
                return "cancelled by " + cancel.actor() + ": " + cancel.reason();
            }
            if (happened.envelope().event() instanceof RequestEvent.RequestAborted abort) {
                return "aborted by " + abort.actor() + ": " + abort.reason();
            }
            if (happened.envelope().event() instanceof RequestEvent.StepOverdue overdue) {
                return overdue.service() + " did not finish in time";
            }
        }
        return "the request was stopped";
    }

    private List<Action<ApprovalEvent>> expired(Situation<Approval> now, Cause.Elapsed elapsed) {
        var question = now.state().latest();
        if (question == null || !question.open() || !elapsed.timer().equals(DEADLINE)) {
            return List.of();
        }
        // a timer that was parked and redriven may be an earlier question's
        if (now.now().isBefore(question.deadline())) {
            return List.of();
        }
        return now.active()
                .filter(active -> active.request().equals(question.request()))
                .map(active -> List.of(Action.<ApprovalEvent>step(
                        active,
                        question.step(),
                        active.state(question.step()).attempt(),
                        StepStatus.FAILED,
                        new ApprovalExpired(question.deadline()))))
                .orElse(List.of());
    }

    /** Decides on a command; adds what follows from it to {@code actions} and returns the reply. */
    private Action<ApprovalEvent> answered(
            Situation<Approval> now, Cause.Asked asked, List<Action<ApprovalEvent>> actions) {
        var command = asked.as(Decide.class);
        var question = now.state()
                .question(command.request())
                .filter(open -> command.step() == null || command.step().equals(open.step()));
        Answer answer;
        if (question.isEmpty()) {
            answer = Answer.of(410, State.UNKNOWN, "This request is not open for a decision.");
        } else {
            var refusal = refusal(now, question.get(), command, asked.at(), !actions.isEmpty());
            answer = refusal.orElseGet(() -> recorded(now, question.get(), command, asked.at(), actions));
        }
        return Action.send(Topics.replies(Owner.APPROVAL), asked.id(), Answer.TYPE, answer);
    }

    private Optional<Answer> refusal(
            Situation<Approval> now, Question question, Decide command, Instant at, boolean goingBackward) {
        var asked = approve(now, question);
        if (asked.isPresent() && Identities.same(asked.get().requester(), command.approver())) {
            return refused(403, question, "Nobody decides on a request of their own.");
        }
        if (question.approvers().stream().noneMatch(one -> Identities.same(one, command.approver()))) {
            return refused(403, question, command.approver() + " is not one of this request's approvers.");
        }
        if (!question.open()) {
            return Optional.of(ended(question));
        }
        if (command.digest() != null && !command.digest().equals(question.digest())) {
            return refused(410, question, "This link was superseded: the plan has changed since it was sent.");
        }
        if (at.isAfter(question.deadline()) || asked.isEmpty() || goingBackward) {
            return refused(
                    410,
                    question,
                    "Too late: this request could be decided until " + Wording.time(question.deadline()) + ".");
        }
        var before = question.by(command.approver());
        if (before.isPresent()) {
            return refused(409, question, "Already decided: " + Wording.decision(before.get()) + ".");
        }
        var errors = errors(asked.get(), command);
        if (!errors.isEmpty()) {
            var sentence = errors.stream().map(FieldError::detail).collect(Collectors.joining(" "));
            return Optional.of(new Answer(422, State.AWAITING_APPROVAL, sentence, errors));
        }
        var choices = choices(asked.get(), command);
        return question.approvals().stream()
                .filter(first -> approves(command) && choices != null && !choices.equals(first.choices()))
                .findFirst()
                .flatMap(first -> refused(
                        409,
                        question,
                        first.approver() + " chose " + Wording.choices(first.choices())
                                + " already; a further approval must choose the same."));
    }

    private static Optional<Answer> refused(int status, Question question, String sentence) {
        return Optional.of(Answer.of(status, state(question.status()), sentence));
    }

    private static Answer ended(Question question) {
        var state = state(question.status());
        return switch (question.status()) {
            case APPROVED, REJECTED ->
                Answer.of(
                        409,
                        state,
                        "Already decided: "
                                + question.decisions().stream()
                                        .map(Wording::decision)
                                        .collect(Collectors.joining("; "))
                                + ".");
            case EXPIRED -> Answer.of(410, state, "This request expired at " + Wording.time(question.deadline()) + ".");
            case WITHDRAWN -> Answer.of(410, state, "This request was withdrawn: " + question.note() + ".");
            case OPEN -> throw new IllegalArgumentException("still open");
        };
    }

    private Answer recorded(
            Situation<Approval> now,
            Question question,
            Decide command,
            Instant at,
            List<Action<ApprovalEvent>> actions) {
        var active = now.active().orElseThrow();
        var input = approve(now, question).orElseThrow();
        var attempt = active.state(question.step()).attempt();
        var reason = text(command.reason());
        var approver = question.approvers().stream()
                .filter(one -> Identities.same(one, command.approver()))
                .findFirst()
                .orElseThrow();
        var choices = approves(command) ? choices(input, command) : null;
        var decision = new DecisionRecorded(approver, approves(command), reason, choices, command.channel(), at);
        actions.add(Action.note(active, question.step(), attempt, decision));
        if (!decision.approved()) {
            actions.add(Action.step(
                    active, question.step(), attempt, StepStatus.FAILED, new RequestRejected(approver, reason)));
            actions.add(new Action.CancelTimer<>(DEADLINE));
            return Answer.of(200, State.REJECTED, "Rejected. Nothing will be made.");
        }
        var approvals = question.with(decision).approvals();
        if (approvals.size() < question.quorum()) {
            return Answer.of(
                    200,
                    State.AWAITING_APPROVAL,
                    "Your approval is recorded; %d of %d are given.".formatted(approvals.size(), question.quorum()));
        }
        var proof = Proofs.sign(
                new Proof.Content(
                        now.resource(),
                        active.request(),
                        active.sequence(),
                        question.step(),
                        active.digest(),
                        choices,
                        approvals.stream().map(DecisionRecorded::approver).toList()),
                secrets.proofKeyId(),
                secrets.proofKey());
        actions.add(Action.step(active, question.step(), attempt, StepStatus.DONE, new RequestApproved(proof)));
        actions.add(new Action.CancelTimer<>(DEADLINE));
        return Answer.of(200, State.APPROVED, "Approved. The work begins now.");
    }

    private List<FieldError> errors(StepInput.Approve input, Decide command) {
        var errors = new ArrayList<FieldError>();
        var approves = approves(command);
        if (!approves && !Decide.REJECT.equals(command.decision())) {
            errors.add(new FieldError("/decision", "Choose approve or reject."));
        }
        if (text(command.reason()).isEmpty()) {
            errors.add(new FieldError("/reason", "Say why, in your own words."));
        } else if (text(command.reason()).length() > LONGEST_REASON) {
            errors.add(new FieldError("/reason", "Say why in at most " + LONGEST_REASON + " characters."));
        } else if (UNFIT.matcher(text(command.reason())).find()) {
            errors.add(new FieldError("/reason", "Say why without control characters."));
        }
        if (approves && input.placement()) {
            place("region", command.region(), regions, errors);
            place("profile", command.profile(), profiles, errors);
        }
        return errors;
    }

    private static void place(String field, @Nullable String chosen, Predicate<String> known, List<FieldError> errors) {
        var name = text(chosen);
        if (name.isEmpty()) {
            errors.add(new FieldError("/" + field, "Choose a " + field + "."));
        } else if (!known.test(name)) {
            errors.add(new FieldError("/" + field, "There is no " + field + " '" + name + "'."));
        }
    }

    private static @Nullable Choices choices(StepInput.Approve input, Decide command) {
        return input.placement() ? new Choices(text(command.region()), text(command.profile())) : null;
    }

    private static boolean approves(Decide command) {
        return Decide.APPROVE.equals(command.decision());
    }

    private static String text(@Nullable String typed) {
        return typed == null ? "" : typed.strip();
    }

    /** What the question is about, as long as its request is under way. */
    private static Optional<StepInput.Approve> approve(Situation<Approval> now, Question question) {
        return now.active()
                .filter(active -> active.request().equals(question.request()))
                .flatMap(active -> active.plan().step(question.step()))
                .map(Step::input)
                .filter(StepInput.Approve.class::isInstance)
                .map(StepInput.Approve.class::cast);
    }

    static State state(Status status) {
        return switch (status) {
            case OPEN -> State.AWAITING_APPROVAL;
            case APPROVED -> State.APPROVED;
            case REJECTED -> State.REJECTED;
            case EXPIRED -> State.EXPIRED;
            case WITHDRAWN -> State.WITHDRAWN;
        };
    }

    @Override
    public Approval evolve(Approval state, Envelope<ApprovalEvent> said) {
        var question = state.latest();
        return switch (said.event()) {
            case ApprovalRequested asked ->
                new Approval(new Question(
                        said.fact().request(),
                        Objects.requireNonNull(said.fact().step()),
                        asked.approvers(),
                        asked.quorum(),
                        asked.deadline(),
                        asked.digest(),
                        List.of(),
                        Status.OPEN,
                        null));
            case DecisionRecorded decision -> change(said, question, state, open -> open.with(decision));
            case RequestApproved approved -> change(said, question, state, open -> open.end(Status.APPROVED, null));
            case RequestRejected rejected -> change(said, question, state, open -> open.end(Status.REJECTED, null));
            case ApprovalExpired expired -> change(said, question, state, open -> open.end(Status.EXPIRED, null));
            case ApprovalWithdrawn withdrawn ->
                change(said, question, state, open -> open.end(Status.WITHDRAWN, withdrawn.reason()));
            case ApprovalFailed failed -> state;
            case StepEvent step -> state;
        };
    }

    private static Approval change(
            Envelope<ApprovalEvent> said,
            @Nullable Question question,
            Approval state,
            Function<Question, Question> change) {
        return question == null || !question.request().equals(said.fact().request())
                ? state
                : new Approval(change.apply(question));
    }
}
