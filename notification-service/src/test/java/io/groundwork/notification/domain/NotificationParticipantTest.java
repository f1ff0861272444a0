package io.groundwork.notification.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.MailRequested;
import io.groundwork.events.Message;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationFailed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Recipient;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.SealedUrl;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Work;
import io.groundwork.runtime.WorkResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The participant and the engine together, in memory; the workers are the test. */
class NotificationParticipantTest {

    private static final ResourceId RESOURCE = ResourceId.parse("acme/payments/web");
    private static final RequestId REQUEST = RequestId.of("acme", "one");
    private static final String LEAD = "lead@acme.example";
    private static final Recipient MAIL = Recipient.mail(LEAD);
    private static final Recipient HOOK = Recipient.hook(new SealedUrl("https://hooks.example", "b25l"));
    private static final Recipient OTHER_HOOK = Recipient.hook(new SealedUrl("https://hooks.example", "b3RoZXI="));
    private static final String CLEAR = "http://localhost:9999/hook?t0ken";
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    private final Machine participant = new ParticipantMachine<>(new NotificationParticipant(), new Proofs(Map.of()));
    private final Machine engine = new OperationMachine(Owner.NOTIFICATION, OperationPolicy.DEFAULT.notUndoable());
    private final InMemoryStores stores = new InMemoryStores();
    private final InMemoryStores engineStores = new InMemoryStores();
    private final List<Message> works = new ArrayList<>();
    private final List<Event> said = new ArrayList<>();

    @Test
    void shouldDeliverAMailOnceAndSayThatItWasSent() {
        // When
        play(mail());
        // Then
        var work = takeOne();
        assertThat(work.order().queue()).isEqualTo("mail");
        assertThat(Json.MAPPER.convertValue(work.order().specification(), Delivery.class))
                .isEqualTo(new Delivery.Mail(LEAD, "approval", Map.of("price", "1 EUR"), "c2VhbGVk"));
        play(result(work, WorkResult.Kind.DONE, null));
        assertThat(said)
                .containsExactly(new NotificationSent("mail", LEAD, "approval", operation("mail", "approval", LEAD)));
    }

    @Test
    void shouldForgetTheSealedLinkOnceTheMailWasSent() {
        play(mail());
        play(result(takeOne(), WorkResult.Kind.DONE, null));
        // Then
        assertThat(works).isEmpty();
        assertThat(stored()).doesNotContain("c2VhbGVk");
        assertThat(said).hasSize(1);
    }

    @Test
    void shouldSayThatAMailCouldNotBeDelivered() {
        var failure = Failure.permanent(FailureCategory.PROVIDER, "refused");
        play(mail());
        play(result(takeOne(), WorkResult.Kind.FAILED, failure));
        assertThat(said)
                .containsExactly(
                        new NotificationFailed("mail", LEAD, "approval", failure, operation("mail", "approval", LEAD)));
    }

    /** A mail server that is away: what was tried is said, and what comes of it in the end. */
    @Test
    void shouldSayOfEachTryThatFailedThatThereWillBeAnother() {
        var failure = new Failure(FailureCategory.CONNECTIVITY, "The mail server could not be reached.", null, true);
        play(mail());
        play(result(takeOne(), WorkResult.Kind.FAILED, failure));

        assertThat(said).singleElement().isInstanceOfSatisfying(NotificationDelayed.class, delayed -> {
            assertThat(delayed.channel()).isEqualTo("mail");
            assertThat(delayed.to()).isEqualTo(LEAD);
            assertThat(delayed.about()).isEqualTo("approval");
            assertThat(delayed.delivery().id()).isEqualTo(operation("mail", "approval", LEAD));
            assertThat(delayed.delivery().instances()).containsExactly(LEAD);
            assertThat(delayed.delivery().tries()).isEqualTo(1);
            assertThat(delayed.delivery().lastError()).isEqualTo(failure);
            assertThat(delayed.delivery().nextTry()).isAfter(NOW);
        });
    }

    @Test
    void shouldTellEveryRecipientOfTheEnd() {
        play(closed(MAIL, HOOK, MAIL, OTHER_HOOK, HOOK));
        assertThat(works).as("also two webhooks of one host").hasSize(3);
        deliverAll();
        assertThat(said)
                .containsExactlyInAnyOrder(
                        new NotificationSent("mail", LEAD, "closed", operation("mail", "closed", LEAD)),
                        new NotificationSent(
                                "webhook", "https://hooks.example", "closed", operation("webhook", "closed", "b25l")),
                        new NotificationSent(
                                "webhook",
                                "https://hooks.example",
                                "closed",
                                operation("webhook", "closed", "b3RoZXI=")));
    }

    @Test
    void shouldTellAWebhookOfAnOldEventAndNameItsHostAlone() {
        play(closed(new Recipient(null, CLEAR, null)));
        deliverAll();
        play(closed(new Recipient(null, CLEAR, null)));
        assertThat(works).as("told already").isEmpty();
        assertThat(said)
                .containsExactly(new NotificationSent(
                        "webhook", "http://localhost:9999", "closed", operation("webhook", "closed", CLEAR)));
    }

    @Test
    void shouldKnowWhomOldEventsSayItTold() {
        var subject = new NotificationParticipant();
        var state = Notifications.NONE;
        for (var old : List.of(
                new NotificationSent("webhook", CLEAR, "closed", null),
                new NotificationFailed(
                        "mail", LEAD, "closed", Failure.permanent(FailureCategory.PROVIDER, "refused"), null))) {
            state = subject.evolve(state, new Envelope<>(fact(Owner.NOTIFICATION, old), old));
        }
        assertThat(state.knows(operation("webhook", "closed", CLEAR))).isTrue();
        assertThat(state.knows(operation("mail", "closed", LEAD))).isTrue();
    }

    private void deliverAll() {
        for (var work : List.copyOf(works)) {
            play(result(read(work), WorkResult.Kind.DONE, null));
        }
        works.clear();
    }

    private static String operation(String channel, String about, String whom) {
        return NotificationParticipant.operation(RESOURCE, channel, about, REQUEST, whom);
    }

    @Property(tries = 300)
    void shouldDeliverOnceHoweverOftenACauseIsRead(
            @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> steps) {
        var world = new NotificationParticipantTest();
        for (var step : steps) {
            switch (step) {
                case 0 -> world.play(mail());
                case 1 -> world.play(closed(MAIL, HOOK));
                default -> {
                    if (!world.works.isEmpty()) {
                        world.play(result(read(world.works.removeFirst()), WorkResult.Kind.DONE, null));
                    }
                }
            }
        }
        assertThat(world.said).doesNotHaveDuplicates();
        assertThat(world.handedOut).doesNotHaveDuplicates();
    }

    private final List<String> handedOut = new ArrayList<>();

    /** Lets one message and all that follows from it run through participant and engine. */
    private void play(Message first) {
        var moment = new Moment(NOW, new Random(1));
        var messages = new ArrayDeque<>(List.of(first));
        while (!messages.isEmpty()) {
            var message = messages.remove();
            if (message.topic().contains(".work.")) {
                works.add(message);
                handedOut.add(read(message).order().goal() + " " + message.key());
            } else if (message.topic().equals(Topics.events(Owner.NOTIFICATION))) {
                said.add(EventCodec.read(message, EventCodec.fact(message))
                        .orElseThrow()
                        .event());
            } else if (participant.inputs().contains(message.topic())) {
                messages.addAll(participant.handle(new Input.Received(message), moment, stores));
            } else if (engine.inputs().contains(message.topic())) {
                messages.addAll(engine.handle(new Input.Received(message), moment, engineStores));
            } else {
                throw new AssertionError(message.topic() + " " + message.headers());
            }
        }
    }

    private Work takeOne() {
        assertThat(works).hasSize(1);
        return read(works.removeFirst());
    }

    private static Work read(Message work) {
        return Json.read(Objects.requireNonNull(work.value()), Work.class);
    }

    private String stored() {
        var text = new StringBuilder();
        for (var store : engine.stores()) {
            engineStores
                    .store(store)
                    .range("", "~", 100)
                    .forEach(row -> text.append(new String(row.value(), StandardCharsets.UTF_8)));
        }
        return text.toString();
    }

    private static Message mail() {
        return Commands.message(
                Topics.MAILS,
                RESOURCE.toString(),
                "mail-1",
                MailRequested.TYPE,
                NOW,
                null,
                new MailRequested(
                        "mail-1", REQUEST, 1, RESOURCE, LEAD, "approval", Map.of("price", "1 EUR"), "c2VhbGVk"));
    }

    private static Message closed(Recipient... recipients) {
        var event = new RequestClosed(
                RequestKind.DEPLOY, Outcome.COMPLETED, null, null, Map.of(), NOW, NOW, List.of(recipients));
        return EventCodec.write(new Envelope<>(fact(Owner.REQUEST, event), event));
    }

    private static Fact fact(Owner owner, Event event) {
        var type = EventTypes.type(owner, event.getClass());
        return new Fact(
                owner,
                type,
                EventId.of(REQUEST, type, null, 0, 7),
                RESOURCE,
                REQUEST,
                1,
                null,
                0,
                null,
                null,
                NOW,
                null);
    }

    private static Message result(Work work, WorkResult.Kind kind, @Nullable Failure failure) {
        var result = new WorkResult(
                work.order().id(), work.fence(), "worker", kind, null, null, null, null, failure, true, true);
        return Commands.message(
                Topics.results(Owner.NOTIFICATION),
                work.order().id(),
                work.order().id() + work.fence(),
                WorkResult.TYPE,
                NOW,
                null,
                result);
    }

    @Test
    void shouldNameAnOrderWithoutTheSeparatorOfTheEnginesRows() {
        play(closed(new Recipient(null, "http://localhost/a|b", null)));
        assertThat(Optional.of(takeOne()).map(Work::order).map(Order::id).orElseThrow())
                .contains("#webhook/closed/")
                .doesNotContain("|");
    }
}
