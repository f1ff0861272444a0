package io.groundwork.notification.domain;

import io.groundwork.events.Envelope;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.MailRequested;
import io.groundwork.events.NotificationEvent;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationFailed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Recipient;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.SealedUrl;
import io.groundwork.events.Step;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns mails that are requested and requests that end into deliveries. Owns no step: no request waits for a mail.
 *
 * <p>A notification is told apart by channel, subject, request and recipient. Its operation's id says all four, so that the same
 * cause, read again, orders the same operation, which the engine does not start twice.
 */
public final class NotificationParticipant implements Participant<Notifications, NotificationEvent> {

    static final String MAIL = "mail";
    static final String WEBHOOK = "webhook";
    static final String CLOSED = "closed";

    @Override
    public Owner owner() {
        return Owner.NOTIFICATION;
    }

    @Override
    public Set<Owner> listensTo() {
        return Set.of(Owner.REQUEST);
    }

    @Override
    public Set<String> alsoReads() {
        return Set.of(Topics.MAILS);
    }

    @Override
    public Class<Notifications> stateType() {
        return Notifications.class;
    }

    @Override
    public Notifications initial() {
        return Notifications.NONE;
    }

    @Override
    public NotificationEvent refused(Step step, Failure failure) {
        throw new IllegalStateException("notification-service owns no step");
    }

    @Override
    public List<Action<NotificationEvent>> decide(Situation<Notifications> now, Cause cause) {
        return switch (cause) {
            case Cause.Happened happened
            when happened.envelope().event() instanceof RequestClosed closed -> tell(now, happened.envelope(), closed);
            case Cause.Asked asked
            when asked.type().equals(MailRequested.TYPE) -> mail(now, asked.as(MailRequested.class));
            case Cause.Answered answer
            when answer.type().equals(OperationOutcome.TYPE) -> delivered(now, answer.as(OperationOutcome.class));
            case Cause.Happened other -> List.of();
            case Cause.Asked other -> List.of();
            case Cause.Answered other -> List.of();
            case Cause.Elapsed none -> List.of();
            case Cause.Reconsidered none -> List.of();
        };
    }

    private static List<Action<NotificationEvent>> mail(Situation<Notifications> now, MailRequested asked) {
        return order(
                now,
                asked.request(),
                asked.sequence(),
                MAIL,
                asked.template(),
                asked.to(),
                asked.to(),
                new Delivery.Mail(asked.to(), asked.template(), asked.facts(), asked.sealedLink()));
    }

    private static List<Action<NotificationEvent>> tell(
            Situation<Notifications> now, Envelope<?> said, RequestClosed closed) {
        var request = said.fact().request();
        var sequence = said.fact().sequence();
        return closed.recipients().stream()
                .flatMap(recipient -> tell(now, request, sequence, closed, recipient).stream())
                .distinct()
                .toList();
    }

    private static List<Action<NotificationEvent>> tell(
            Situation<Notifications> now, RequestId request, long sequence, RequestClosed closed, Recipient recipient) {
        if (recipient.email() != null) {
            var letter = new Delivery.Mail(recipient.email(), CLOSED, facts(request, now.resource(), closed), null);
            return order(now, request, sequence, MAIL, CLOSED, recipient.email(), recipient.email(), letter);
        }
        var completion = Completion.of(request, now.resource(), closed);
        var sealed = recipient.sealedWebhook();
        if (sealed != null) {
            var post = new Delivery.Webhook(null, sealed, now.resource(), completion);
            return order(now, request, sequence, WEBHOOK, CLOSED, sealed.origin(), sealed.box(), post);
        }
        if (recipient.webhook() != null) {
            var post = new Delivery.Webhook(recipient.webhook(), null, now.resource(), completion);
            var origin = SealedUrl.origin(recipient.webhook());
            return order(now, request, sequence, WEBHOOK, CLOSED, origin, recipient.webhook(), post);
        }
        return List.of();
    }

    /**
     * @param to as people may see it
     * @param whom what tells it apart from every other recipient
     */
    private static List<Action<NotificationEvent>> order(
            Situation<Notifications> now,
            RequestId request,
            long sequence,
            String channel,
            String about,
            String to,
            String whom,
            Delivery delivery) {
        var id = operation(now.resource(), channel, about, request, whom);
        return now.state().knows(id)
                ? List.of()
                : List.of(send(new Order(
                        id,
                        now.resource(),
                        request,
                        sequence,
                        null,
                        1,
                        channel,
                        List.of(to),
                        Goal.DONE,
                        Order.specification(delivery))));
    }

    private static List<Action<NotificationEvent>> delivered(Situation<Notifications> now, OperationOutcome outcome) {
        if (outcome.goal() == Goal.UNDONE || now.state().knows(outcome.operation())) {
            return List.of();
        }
        var id = outcome.operation().replaceFirst("^[^#]*#", "").split("/", 3);
        var to = outcome.pending().instances();
        if (id.length < 3 || to.isEmpty()) {
            throw new IllegalArgumentException("not an operation of ours: " + outcome.operation());
        }
        return switch (outcome.kind()) {
            case PENDING ->
                outcome.pending().lastError() == null
                        ? List.of()
                        : List.of(
                                say(outcome, new NotificationDelayed(id[0], to.getFirst(), id[1], outcome.pending())));
            case REACHED ->
                List.of(
                        say(outcome, new NotificationSent(id[0], to.getFirst(), id[1], outcome.operation())),
                        forget(outcome, now.resource(), id[0]));
            case FAILED ->
                List.of(
                        say(
                                outcome,
                                new NotificationFailed(
                                        id[0], to.getFirst(), id[1], failure(outcome.failure()), outcome.operation())),
                        forget(outcome, now.resource(), id[0]));
        };
    }

    private static Action<NotificationEvent> say(OperationOutcome outcome, NotificationEvent event) {
        return new Action.Publish<>(outcome.request(), outcome.sequence(), null, 0, null, event);
    }

    /** There is nothing to undo of a notification, and the engine forgets what is undone: also its sealed link. */
    private static Action<NotificationEvent> forget(OperationOutcome outcome, ResourceId resource, String channel) {
        return send(new Order(
                outcome.operation(),
                resource,
                outcome.request(),
                outcome.sequence(),
                null,
                outcome.attempt(),
                channel,
                outcome.pending().instances(),
                Goal.UNDONE,
                Order.specification(new Delivery.Over())));
    }

    private static Action<NotificationEvent> send(Order order) {
        return Action.send(Topics.operations(Owner.NOTIFICATION), order.id(), Order.TYPE, order);
    }

    private static Failure failure(@Nullable Failure failure) {
        return failure == null
                ? Failure.permanent(FailureCategory.BUG, "It could not be delivered, for a reason that is not known.")
                : failure;
    }

    private static Map<String, String> facts(RequestId request, ResourceId resource, RequestClosed closed) {
        var facts = new TreeMap<String, String>();
        facts.put("request", request.toString());
        facts.put("resource", resource.toString());
        facts.put("operation", closed.operation().word());
        facts.put("outcome", closed.outcome().name());
        facts.put("closedAt", closed.closedAt().toString());
        if (closed.message() != null) {
            facts.put("message", closed.message());
        }
        return facts;
    }

    /** {@code <resource>#<channel>/<subject>/<who and whom, named>}. */
    static String operation(ResourceId resource, String channel, String about, RequestId request, String whom) {
        return resource + "#" + channel + "/" + about + "/" + Uuids.named(request.toString(), whom);
    }

    @Override
    public Notifications evolve(Notifications state, Envelope<NotificationEvent> said) {
        return switch (said.event()) {
            case NotificationSent sent ->
                state.with(told(said, sent.operation(), sent.channel(), sent.about(), sent.to()));
            case NotificationDelayed delayed -> state;
            case NotificationFailed failed ->
                state.with(told(said, failed.operation(), failed.channel(), failed.about(), failed.to()));
        };
    }

    /** The operation of a notification; an event from before it was named tells it by its recipient. */
    private static String told(Envelope<?> said, @Nullable String operation, String channel, String about, String to) {
        return operation == null
                ? operation(said.fact().resource(), channel, about, said.fact().request(), to)
                : operation;
    }
}
