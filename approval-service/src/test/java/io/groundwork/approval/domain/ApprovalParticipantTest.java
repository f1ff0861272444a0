package io.groundwork.approval.domain;

import static io.groundwork.approval.domain.World.DEV;
import static io.groundwork.approval.domain.World.LEAD;
import static io.groundwork.approval.domain.World.SECOND;
import static io.groundwork.approval.domain.World.approve;
import static io.groundwork.approval.domain.World.events;
import static io.groundwork.approval.domain.World.reject;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.approval.domain.Answer.FieldError;
import io.groundwork.approval.domain.Answer.State;
import io.groundwork.events.ApprovalEvent.ApprovalExpired;
import io.groundwork.events.ApprovalEvent.ApprovalFailed;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.EventCodec;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.CancelRequested;
import io.groundwork.events.RequestId;
import io.groundwork.events.Seal;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.saga.Saga;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApprovalParticipantTest {

    private static final RequestId ONE = World.request(1);
    private static final RequestId TWO = World.request(2);

    private final World world = new World();

    @Test
    void shouldAskEachApproverByMailWithALinkThatOnlyNotificationServiceCanOpen() {
        // When
        var out = world.start(ONE, 1, List.of(LEAD, SECOND), 1);
        // Then
        var deadline = world.now.plus(World.TIMEOUT);
        var digest = World.plan(List.of(LEAD, SECOND), 1).digest();
        assertThat(events(out)).containsExactly(new ApprovalRequested(List.of(LEAD, SECOND), 1, deadline, digest));
        var mails = World.mails(out);
        assertThat(mails).extracting("to").containsExactly(LEAD, SECOND);
        assertThat(mails).extracting("id").doesNotHaveDuplicates();
        for (var mail : mails) {
            var link = Seal.open(
                    mail.sealedLink(), World.base64(World.SEAL.getPrivate().getEncoded()));
            assertThat(link).startsWith("http://localhost:8081/approvals/");
            assertThat(World.LINKS.read(link.substring(link.lastIndexOf('/') + 1)))
                    .contains(new Links.Grant(ONE, World.RESOURCE, World.APPROVE, mail.to(), digest, deadline));
            assertThat(mail.facts()).containsEntry("requester", DEV).containsEntry("price", "12.50 EUR a month");
        }
    }

    @Test
    void shouldNotAskTheRequesterNorStrangersNorThoseWithoutTheRole() {
        var out = world.start(
                ONE, 1, List.of(DEV, "reader@acme.example", "boss@other.example", "nobody@acme.example"), 1);
        assertThat(events(out)).singleElement().isInstanceOfSatisfying(ApprovalFailed.class, failed -> {
            assertThat(failed.failure().category()).isEqualTo(FailureCategory.VALIDATION);
            assertThat(failed.failure().message()).contains("reader@acme.example", "nobody@acme.example");
        });
        assertThat(World.mails(out)).isEmpty();
    }

    @Test
    void shouldFailWhenTheQuorumCanNeverBeReached() {
        assertThat(events(world.start(ONE, 1, List.of(LEAD, DEV), 2)))
                .singleElement()
                .isInstanceOf(ApprovalFailed.class);
    }

    @Test
    void shouldCountAnApproverNamedTwiceOnce() {
        var out = world.start(ONE, 1, List.of(LEAD, "Lead@acme.example"), 1);
        assertThat(World.mails(out)).extracting("to").containsExactly(LEAD);
    }

    @Test
    void shouldApproveWithAProofThatHolds() {
        world.start(ONE, 1, List.of(LEAD), 1);
        // When
        var out = world.receive(world.command(approve(ONE, LEAD)));
        // Then
        var choices = new Choices("eu-central-1", "standard");
        assertThat(World.answer(out).status()).isEqualTo(200);
        assertThat(World.answer(out).state()).isEqualTo(State.APPROVED);
        assertThat(events(out))
                .element(0)
                .isEqualTo(new DecisionRecorded(LEAD, true, "looks right", choices, "api", world.now));
        var proof = Objects.requireNonNull(World.approval(out)).proof();
        assertThat(proof.content().choices()).isEqualTo(choices);
        var saga = fold(world.sent, world.started(ONE, 1, List.of(LEAD), 1));
        assertThat(World.PROOFS.objection(World.RESOURCE, Objects.requireNonNull(saga.active()), proof))
                .isEmpty();
        assertThat(saga.active().state(World.APPROVE).status()).isEqualTo(StepStatus.DONE);
    }

    @Test
    void shouldFixTheChoicesWithTheFirstApprovalOfAQuorum() {
        world.start(ONE, 1, List.of(LEAD, SECOND), 2);
        assertThat(world.ask(approve(ONE, LEAD)).state()).isEqualTo(State.AWAITING_APPROVAL);
        var other = new Decide(ONE, null, SECOND, "approve", "fine", "us-east-1", "standard", "api", null);
        // When, Then
        assertThat(world.ask(other))
                .returns(409, Answer::status)
                .satisfies(answer -> assertThat(answer.sentence()).contains(LEAD, "eu-central-1"));
        var out = world.receive(world.command(approve(ONE, SECOND)));
        assertThat(World.answer(out).state()).isEqualTo(State.APPROVED);
        assertThat(Objects.requireNonNull(World.approval(out)).proof().content().approvers())
                .containsExactly(LEAD, SECOND);
    }

    @Test
    void shouldNotCountAnApproverTwice() {
        world.start(ONE, 1, List.of(LEAD, SECOND), 2);
        world.ask(approve(ONE, LEAD));
        var out = world.receive(world.command(approve(ONE, LEAD)));
        assertThat(World.answer(out).status()).isEqualTo(409);
        assertThat(events(out)).isEmpty();
    }

    @Test
    void shouldRejectByOneWord() {
        world.start(ONE, 1, List.of(LEAD, SECOND), 2);
        world.ask(approve(ONE, LEAD));
        var out = world.receive(world.command(reject(ONE, SECOND)));
        assertThat(World.answer(out).state()).isEqualTo(State.REJECTED);
        assertThat(events(out)).element(1).isEqualTo(new RequestRejected(SECOND, "too dear"));
    }

    @Test
    void shouldSayWhoDecidedAndWhenToTheNext() {
        world.start(ONE, 1, List.of(LEAD, SECOND), 1);
        world.ask(approve(ONE, LEAD));
        var out = world.receive(world.command(reject(ONE, SECOND)));
        assertThat(World.answer(out).status()).isEqualTo(409);
        assertThat(World.answer(out).sentence()).contains(LEAD, "5 January 2026, 10:00:00 UTC");
        assertThat(events(out)).isEmpty();
    }

    @Test
    void shouldNameEveryMissingField() {
        world.start(ONE, 1, List.of(LEAD), 1);
        var out = world.receive(world.command(new Decide(ONE, null, LEAD, "approve", " ", "mars", null, "link", null)));
        assertThat(World.answer(out).status()).isEqualTo(422);
        assertThat(World.answer(out).errors())
                .extracting(FieldError::pointer)
                .containsExactly("/reason", "/region", "/profile");
        assertThat(events(out)).isEmpty();
    }

    @Test
    void shouldRefuseAReasonThatNoDatabaseTakes() {
        world.start(ONE, 1, List.of(LEAD), 1);
        for (var reason : List.of("no\u0000", "half \ud83d", "bell\u0007")) {
            var out = world.receive(
                    world.command(new Decide(ONE, null, LEAD, "reject", reason, null, null, "link", null)));
            assertThat(World.answer(out).status()).isEqualTo(422);
            assertThat(World.answer(out).errors())
                    .extracting(FieldError::pointer)
                    .containsExactly("/reason");
            assertThat(events(out)).isEmpty();
        }
        assertThat(world.ask(new Decide(ONE, null, LEAD, "reject", "one\r\n\ttwo", null, null, "link", null))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void shouldNotNeedAPlaceToReject() {
        world.start(ONE, 1, List.of(LEAD), 1);
        assertThat(world.ask(reject(ONE, LEAD)).status()).isEqualTo(200);
    }

    @Test
    void shouldRefuseTheRequesterAndStrangers() {
        world.start(ONE, 1, List.of(LEAD), 1);
        assertThat(world.ask(approve(ONE, DEV)).status()).isEqualTo(403);
        assertThat(world.ask(approve(ONE, "DEV@acme.example")).status()).isEqualTo(403);
        assertThat(world.ask(approve(ONE, SECOND)).status()).isEqualTo(403);
        assertThat(events(world.sent)).hasSize(1);
    }

    @Test
    void shouldExpireAtTheDeadlineAndRefuseLateClicks() {
        world.start(ONE, 1, List.of(LEAD), 1);
        assertThat(events(world.pass(World.TIMEOUT.minusMillis(1)))).isEmpty();
        assertThat(events(world.pass(Duration.ofMillis(1)))).singleElement().isInstanceOf(ApprovalExpired.class);
        var out = world.receive(world.command(approve(ONE, LEAD)));
        assertThat(World.answer(out)).returns(410, Answer::status).returns(State.EXPIRED, Answer::state);
        assertThat(events(out)).isEmpty();
    }

    @Test
    void shouldRefuseADecisionAcceptedAfterTheDeadlineThoughTheTimerHasNotFired() {
        world.start(ONE, 1, List.of(LEAD), 1);
        world.passUnnoticed(World.TIMEOUT.plusMillis(1));
        var out = world.receive(world.command(approve(ONE, LEAD)));
        assertThat(World.answer(out).status()).isEqualTo(410);
        assertThat(events(out)).isEmpty();
    }

    @Test
    void shouldCountADecisionAcceptedInTimeThoughItIsReadLate() {
        world.start(ONE, 1, List.of(LEAD), 1);
        var inTime = world.commandAt(approve(ONE, LEAD), world.now.plus(World.TIMEOUT));
        world.passUnnoticed(World.TIMEOUT.plusMinutes(5));
        assertThat(World.answer(world.receive(inTime)).state()).isEqualTo(State.APPROVED);
        assertThat(events(world.pass(Duration.ofDays(1)))).isEmpty();
    }

    @Test
    void shouldWithdrawTheQuestionWhenTheRequestIsCancelled() {
        world.start(ONE, 1, List.of(LEAD), 1);
        var out = world.receive(world.say(ONE, 1, new CancelRequested(DEV, "not needed")));
        assertThat(events(out))
                .singleElement()
                .isEqualTo(new ApprovalWithdrawn("cancelled by dev@acme.example: not needed"));
        assertThat(world.ask(approve(ONE, LEAD)))
                .returns(410, Answer::status)
                .satisfies(answer -> assertThat(answer.sentence()).contains("withdrawn", "not needed"));
        assertThat(events(world.pass(Duration.ofDays(1)))).isEmpty();
    }

    @Test
    void shouldSkipAQuestionThatWasCancelledBeforeItWasPut() {
        world.receive(world.say(ONE, 1, new CancelRequested(DEV, "not needed")));
        var out = world.start(ONE, 1, List.of(LEAD), 1);
        assertThat(events(out)).containsExactly(new StepSkipped());
        assertThat(World.mails(out)).isEmpty();
    }

    @Test
    void shouldRefuseALinkOfAnotherPlan() {
        world.start(ONE, 1, List.of(LEAD), 1);
        var stale = new Decide(
                ONE, World.APPROVE, LEAD, "approve", "fine", "eu-central-1", "standard", "link", "sha256:other");
        assertThat(world.ask(stale))
                .returns(410, Answer::status)
                .satisfies(answer -> assertThat(answer.sentence()).contains("superseded"));
    }

    @Test
    void shouldKnowOnlyTheLatestRequest() {
        world.start(ONE, 1, List.of(LEAD), 1);
        assertThat(world.ask(approve(TWO, LEAD)).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void shouldPutADamagedCommandAsideAndGoOn() {
        world.start(ONE, 1, List.of(LEAD), 1);
        var command = world.command(approve(ONE, LEAD));
        var out = world.receive(new Message(command.topic(), command.key(), command.headers(), new byte[] {'{'}));
        assertThat(out).extracting(Message::topic).containsExactly(Topics.deadLetters(Owner.APPROVAL));
        assertThat(world.ask(approve(ONE, LEAD)).status()).isEqualTo(200);
    }

    @Test
    void shouldSayNothingAgainWhenAnEventIsReadAgain() {
        var started = world.started(ONE, 1, List.of(LEAD), 1);
        world.receive(started);
        assertThat(world.receive(started)).isEmpty();
        world.ask(approve(ONE, LEAD));
        assertThat(world.receive(started)).isEmpty();
        assertThat(events(world.sent))
                .filteredOn(RequestApproved.class::isInstance)
                .hasSize(1);
    }

    private static Saga fold(List<Message> sent, Message started) {
        var fact = EventCodec.fact(started);
        var saga = Saga.NONE.apply(
                fact, EventCodec.read(started, fact).orElseThrow().event());
        for (var said :
                sent.stream().map(World::envelope).flatMap(Optional::stream).toList()) {
            saga = saga.apply(said.fact(), said.event());
        }
        return saga;
    }
}
