package io.groundwork.approval.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.ApprovalEvent.ApprovalExpired;
import io.groundwork.events.ApprovalEvent.ApprovalFailed;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.Envelope;
import io.groundwork.events.Message;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.CancelRequested;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is asked, in whatever order and however often: what holds of every sequence of inputs. */
class ApprovalPropertyTest {

    private static final int REQUESTS = 3;

    /** One input. */
    sealed interface Move {
        record Start(int request, int quorum) implements Move {}

        record Decision(int request, String approver, String word, String region, int lateSeconds) implements Move {}

        record Pass(int seconds, boolean noticed) implements Move {}

        record Cancel(int request) implements Move {}

        record Close(int request) implements Move {}

        /** Something that was read already is read again. */
        record Again(int index) implements Move {}
    }

    @Property(tries = 500)
    void shouldDecideOnceInTimeAndNeverByTheRequester(@ForAll("moves") List<Move> moves) {
        var world = new World();
        var read = new ArrayList<Message>();
        for (var move : moves) {
            play(world, read, move);
        }
        check(world);
    }

    private static void play(World world, List<Message> read, Move move) {
        switch (move) {
            case Move.Start start ->
                receive(
                        world,
                        read,
                        world.started(
                                World.request(start.request()),
                                start.request(),
                                List.of(World.LEAD, World.SECOND, World.DEV),
                                start.quorum()));
            case Move.Decision decision ->
                receive(
                        world,
                        read,
                        world.commandAt(
                                new Decide(
                                        World.request(decision.request()),
                                        null,
                                        decision.approver(),
                                        decision.word(),
                                        "because",
                                        decision.region(),
                                        "standard",
                                        "api",
                                        null),
                                world.now.minusSeconds(decision.lateSeconds())));
            case Move.Pass pass -> {
                if (pass.noticed()) {
                    world.pass(Duration.ofSeconds(pass.seconds()));
                } else {
                    world.passUnnoticed(Duration.ofSeconds(pass.seconds()));
                }
            }
            case Move.Cancel cancel ->
                receive(
                        world,
                        read,
                        world.say(
                                World.request(cancel.request()),
                                cancel.request(),
                                new CancelRequested(World.DEV, "no more")));
            case Move.Close close ->
                receive(
                        world,
                        read,
                        world.say(
                                World.request(close.request()),
                                close.request(),
                                new RequestClosed(
                                        RequestKind.DEPLOY,
                                        Outcome.COMPLETED,
                                        null,
                                        null,
                                        Map.of(),
                                        world.now,
                                        world.now,
                                        List.of())));
            case Move.Again again -> {
                if (!read.isEmpty()) {
                    world.receive(read.get(again.index() % read.size()));
                }
            }
        }
    }

    private static void receive(World world, List<Message> read, Message message) {
        read.add(message);
        var before = world.sent.size();
        world.receive(message);
        var out = world.sent.subList(before, world.sent.size());
        if (message.topic().equals(Topics.commands(Owner.APPROVAL))) {
            var answer = World.answer(out);
            // a refusal changes nothing else
            assertThat(World.events(out).isEmpty()).isEqualTo(answer.status() != 200);
        }
        assertThat(out).noneMatch(sent -> sent.topic().equals(Topics.deadLetters(Owner.APPROVAL)));
    }

    private static void check(World world) {
        var ends = new HashMap<RequestId, List<String>>();
        var deadlines = new HashMap<RequestId, Instant>();
        var quorums = new HashMap<RequestId, Integer>();
        var approvals = new HashMap<RequestId, List<DecisionRecorded>>();
        var ids = new ArrayList<Object>();
        for (Envelope<?> said : world.sent.stream()
                .map(World::envelope)
                .flatMap(Optional::stream)
                .toList()) {
            var request = said.fact().request();
            ids.add(said.fact().id());
            switch (said.event()) {
                case ApprovalRequested asked -> {
                    assertThat(deadlines).as("asked once").doesNotContainKey(request);
                    assertThat(asked.approvers()).doesNotContain(World.DEV);
                    deadlines.put(request, asked.deadline());
                    quorums.put(request, asked.quorum());
                }
                case DecisionRecorded decision -> {
                    assertThat(decision.approver()).isNotEqualTo(World.DEV);
                    assertThat(decision.at()).isBeforeOrEqualTo(deadlines.get(request));
                    assertThat(ends).as("decided after the end").doesNotContainKey(request);
                    if (decision.approved()) {
                        approvals
                                .computeIfAbsent(request, any -> new ArrayList<>())
                                .add(decision);
                    }
                }
                case RequestApproved approved -> {
                    var given = approvals.get(request);
                    assertThat(given).hasSize(quorums.getOrDefault(request, 0));
                    assertThat(given).extracting(DecisionRecorded::approver).doesNotHaveDuplicates();
                    assertThat(given)
                            .allMatch(one -> one.choices() != null
                                    && one.choices()
                                            .equals(approved.proof().content().choices()));
                    end(ends, request, "approved");
                }
                case RequestRejected rejected -> end(ends, request, "rejected");
                case ApprovalExpired expired -> end(ends, request, "expired");
                case ApprovalWithdrawn withdrawn -> end(ends, request, "withdrawn");
                case ApprovalFailed failed -> end(ends, request, "failed");
                case StepSkipped skipped -> end(ends, request, "skipped");
                default -> throw new AssertionError(said.event().toString());
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    private static void end(Map<RequestId, List<String>> ends, RequestId request, String end) {
        var all = ends.computeIfAbsent(request, any -> new ArrayList<>());
        all.add(end);
        assertThat(all).as("ends of one request").hasSize(1);
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        var request = Arbitraries.integers().between(1, REQUESTS);
        var start = Combinators.combine(request, Arbitraries.integers().between(1, 2))
                .as((one, quorum) -> (Move) new Move.Start(one, quorum));
        var decision = Combinators.combine(
                        request,
                        Arbitraries.of(World.LEAD, World.SECOND, World.DEV, "boss@other.example"),
                        Arbitraries.of("approve", "approve", "reject", "whatever"),
                        Arbitraries.of("eu-central-1", "us-east-1", "mars"),
                        Arbitraries.integers().between(0, 90))
                .as((one, approver, word, region, late) -> (Move) new Move.Decision(one, approver, word, region, late));
        var pass = Combinators.combine(Arbitraries.integers().between(1, 150), Arbitraries.of(true, false))
                .as((seconds, noticed) -> (Move) new Move.Pass(seconds, noticed));
        var cancel = request.map(one -> (Move) new Move.Cancel(one));
        var close = request.map(one -> (Move) new Move.Close(one));
        var again = Arbitraries.integers().between(0, 50).map(index -> (Move) new Move.Again(index));
        return Arbitraries.frequencyOf(
                        Tuple.of(4, start),
                        Tuple.of(8, decision),
                        Tuple.of(3, pass),
                        Tuple.of(1, cancel),
                        Tuple.of(2, close),
                        Tuple.of(3, again))
                .list()
                .ofMaxSize(30);
    }
}
