package io.groundwork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.approval.domain.Decide;
import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Design;
import io.groundwork.events.Digests;
import io.groundwork.events.EventCodec;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.request.domain.Command;
import io.groundwork.runtime.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many requests for few servers, while nobody gives any back and everything crashes: exactly as many win as there are servers. */
class CapacityRaceTest {

    private static final int REQUESTS = 100;
    private static final int SERVERS = 10;
    private static final int SEEDS = 4;
    private static final int MOST_MOVES = 200_000;

    private static final Faults CRASHES = new Faults(
            60, 120, Duration.ofSeconds(20), 10, Duration.ofMinutes(1), 30, 10, Duration.ofSeconds(20), false);

    @Test
    void shouldLetAsManyWinAsThereAreServersAndTellTheOthersWhy() {
        for (var seed = 1; seed <= SEEDS; seed++) {
            var race = run(seed, null);

            assertThat(race.ends())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("COMPLETED", SERVERS, "FAILED", REQUESTS - SERVERS));
            assertThat(race.waiting).isEmpty();
            assertThat(race.denials).hasSize(REQUESTS - SERVERS).allSatisfy(denial -> {
                assertThat(denial.failure().category()).isEqualTo(FailureCategory.CAPACITY);
                assertThat(denial.candidates()).singleElement().satisfies(candidates -> {
                    assertThat(candidates.suitable()).isZero();
                    assertThat(candidates.rejected().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                            .as("every server of the pool is in one of the counts")
                            .isEqualTo(SERVERS);
                });
            });
        }
    }

    @Test
    void shouldLetTheOthersWaitAsLongAsTheyWantTo() {
        for (var seed = 1; seed <= SEEDS; seed++) {
            var race = run(seed, Duration.ofMinutes(30));

            assertThat(race.ends())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("COMPLETED", SERVERS, "FAILED", REQUESTS - SERVERS));
            assertThat(race.waiting).hasSize(REQUESTS - SERVERS);
            assertThat(race.denials).hasSize(REQUESTS - SERVERS);
        }
    }

    private static Race run(long seed, @Nullable Duration patience) {
        return Seeds.alone(() -> {
            var race = new Race(seed, patience);
            race.run();
            return race;
        });
    }

    /** A hundred teams, each of which asks for one server at the same time. */
    private static final class Race {

        private final Simulation simulation;
        private final Groundwork groundwork;
        private final MetalPeople operators;
        private final @Nullable Duration patience;
        final List<AllocationFailed> denials = new ArrayList<>();
        final Set<String> waiting = new HashSet<>();
        private int commands;

        Race(long seed, @Nullable Duration patience) {
            this.simulation = new Simulation(seed, 2, CRASHES, new Trace(false));
            this.groundwork = new Groundwork(simulation, Landscape.of(SERVERS), Mutation.NONE);
            this.operators = new MetalPeople(groundwork, new Asks(simulation, null));
            this.patience = patience;
            simulation.log().watch(this::read);
        }

        void run() {
            operators.begin();
            // so many are free before anybody asks
            simulation.untilRest(MOST_MOVES);
            for (var team = 0; team < REQUESTS; team++) {
                submit(new ResourceId("acme", "race", "team-" + team));
            }
            simulation.untilRest(MOST_MOVES);
            groundwork.checker.rest(Set.of(), groundwork.pools(), simulation.stores("pools"));
        }

        Map<String, Integer> ends() {
            return groundwork.checker.ends();
        }

        private void submit(ResourceId resource) {
            var request = new RequestId(Uuids.named("race", resource.toString()));
            var server = new MetalServer(
                    "db",
                    1,
                    null,
                    List.of(),
                    "ams1",
                    "m1.large",
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    null,
                    "debian-12",
                    List.of("default"),
                    null,
                    null,
                    false,
                    null);
            var design = new Design(List.of(server), List.of(), Map.of());
            groundwork.checker.accepted(request.toString(), resource.toString());
            command(
                    Owner.REQUEST,
                    resource,
                    Command.Submit.TYPE,
                    new Command.Submit(
                            request,
                            new Ask(
                                    RequestKind.DEPLOY,
                                    "dev@acme.example",
                                    List.of("lead@acme.example"),
                                    1,
                                    Duration.ofMinutes(30),
                                    OnConflict.QUEUE,
                                    design,
                                    Digests.of(design),
                                    List.of(),
                                    simulation.now(),
                                    patience),
                            Map.of(
                                    "db",
                                    new Catalogued.Server(
                                            Landscape.type(),
                                            Landscape.template(true, false),
                                            groundwork.landscape.subnetsOf("ams1"),
                                            null)),
                            List.of()));
        }

        private void read(Log.Entry entry) {
            if (Topics.ownerOfEvents(entry.message().topic()).isEmpty()) {
                return;
            }
            var fact = EventCodec.fact(entry.message());
            switch (EventCodec.read(entry.message(), fact).orElseThrow().event()) {
                case ApprovalRequested asked ->
                    command(
                            Owner.APPROVAL,
                            fact.resource(),
                            Decide.TYPE,
                            new Decide(
                                    fact.request(),
                                    null,
                                    "lead@acme.example",
                                    Decide.APPROVE,
                                    "for a reason",
                                    null,
                                    null,
                                    Decide.LINK,
                                    asked.digest()));
                case AllocationFailed denied -> denials.add(denied);
                case CapacityAwaited place -> waiting.add(fact.resource().toString());
                default -> {}
            }
        }

        private void command(Owner owner, ResourceId resource, String type, Object payload) {
            simulation.send(Commands.message(
                    Topics.commands(owner),
                    resource.toString(),
                    new UUID(4, commands++).toString(),
                    type,
                    simulation.now(),
                    null,
                    payload));
        }
    }
}
