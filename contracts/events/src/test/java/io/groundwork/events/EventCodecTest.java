package io.groundwork.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groundwork.events.EventCodec.Unreadable;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

class EventCodecTest {

    private static final Message SKIPPED = EventCodec.write(Samples.envelope(Owner.CLOUD, new StepEvent.StepSkipped()));

    @Property(tries = 200)
    void shouldReadWhatItWrote(
            @ForAll Owner owner,
            @ForAll @LongRange(min = 0, max = 1000) long sequence,
            @ForAll @IntRange(min = 1, max = 9) int attempt,
            @ForAll StepStatus status,
            @ForAll boolean ofStep,
            @ForAll boolean caused) {
        var type = EventTypes.classes(owner).keySet().iterator().next();
        var event = Samples.of(EventTypes.eventClass(owner, type).orElseThrow()).orElseThrow();
        var step = ofStep ? new StepId("provision:web") : null;
        var fact = new Fact(
                owner,
                type,
                EventId.of(Samples.REQUEST, type, step, attempt, 1),
                Samples.RESOURCE,
                Samples.REQUEST,
                sequence,
                step,
                ofStep ? attempt : 0,
                ofStep ? status : null,
                caused ? "cause" : null,
                Samples.TIME,
                null);

        var message = EventCodec.write(new Envelope<>(fact, event));

        assertThat(EventCodec.fact(message)).isEqualTo(fact);
        assertThat(EventCodec.read(message, fact)).map(Envelope::event).isEqualTo(java.util.Optional.of(event));
    }

    @Example
    void shouldLeaveOutWhatIsNotThereYet() {
        var fact = EventCodec.fact(SKIPPED);
        var submitted = new Fact(
                fact.owner(),
                fact.type(),
                fact.id(),
                fact.resource(),
                fact.request(),
                0,
                null,
                0,
                null,
                null,
                fact.time(),
                null);

        assertThat(EventCodec.headers(submitted))
                .doesNotContainKeys(
                        "ce_sequence", "ce_step", "ce_attempt", "ce_status", "ce_causationid", "traceparent");
    }

    @Example
    void shouldRefuseWhatItsTopicsOwnerMayNotSay() {
        var foreign = new Message("iam.events.v1", SKIPPED.key(), SKIPPED.headers(), SKIPPED.value());

        assertThatThrownBy(() -> EventCodec.fact(foreign))
                .isInstanceOf(Unreadable.class)
                .hasMessage("iam.events.v1 may not carry io.groundwork.cloud.step-skipped.v1");
    }

    @Example
    void shouldRefuseAKeyThatIsNotTheResource() {
        var moved = new Message(SKIPPED.topic(), "acme/payments/other", SKIPPED.headers(), SKIPPED.value());

        assertThatThrownBy(() -> EventCodec.fact(moved))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("key");
    }

    @Example
    void shouldSayWhichHeaderIsMissingOrMalformed() {
        assertThatThrownBy(() -> EventCodec.fact(without("ce_id")))
                .isInstanceOf(Unreadable.class)
                .hasMessage("header ce_id is missing");
        for (var header : new String[] {"ce_id", "ce_requestid", "ce_sequence", "ce_attempt", "ce_status", "ce_time"}) {
            assertThatThrownBy(() -> EventCodec.fact(SKIPPED.with(header, "?"))).isInstanceOf(Unreadable.class);
        }
    }

    @Example
    void shouldTellAnUnknownTypeFromAnUnreadablePayload() {
        var newer = SKIPPED.with("ce_type", "io.groundwork.cloud.component-resized.v1");
        assertThat(EventCodec.read(newer, EventCodec.fact(newer))).isEmpty();

        for (var payload : new String[] {"", "null", "{\"actor\": [}", "[]"}) {
            var broken = broken("io.groundwork.cloud.step-waived.v1", payload.getBytes(UTF_8));
            assertThatThrownBy(() -> EventCodec.read(broken, EventCodec.fact(broken)))
                    .isInstanceOf(Unreadable.class);
        }
        var empty = broken("io.groundwork.cloud.step-waived.v1", null);
        assertThatThrownBy(() -> EventCodec.read(empty, EventCodec.fact(empty))).isInstanceOf(Unreadable.class);
    }

    @Example
    void shouldTolerateFieldsOfANewerWriter() {
        var newer = broken(
                "io.groundwork.cloud.step-waived.v1",
                "{\"actor\":\"ops@acme.example\",\"reason\":\"by hand\",\"ticket\":7}".getBytes(UTF_8));

        assertThat(EventCodec.read(newer, EventCodec.fact(newer)).orElseThrow().event())
                .isEqualTo(new StepEvent.StepWaived("ops@acme.example", "by hand"));
    }

    private static Message without(String header) {
        var rest = new TreeMap<>(SKIPPED.headers());
        rest.remove(header);
        return new Message(SKIPPED.topic(), SKIPPED.key(), rest, SKIPPED.value());
    }

    private static Message broken(String type, byte @Nullable [] payload) {
        return new Message(
                SKIPPED.topic(), SKIPPED.key(), SKIPPED.with("ce_type", type).headers(), payload);
    }
}
