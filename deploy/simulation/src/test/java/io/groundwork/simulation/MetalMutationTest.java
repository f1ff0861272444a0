package io.groundwork.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.allocation.domain.Holder;
import io.groundwork.allocation.domain.PoolAnswer;
import io.groundwork.allocation.domain.PoolAnswer.Verdict;
import io.groundwork.allocation.domain.PoolCommand;
import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.baremetal.domain.Verb;
import io.groundwork.baremetal.driver.Redfish;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Reservation;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is broken on purpose of servers and their pools. */
class MetalMutationTest {

    /** Two of three seeds would be run in vain. */
    private interface OfServers extends Mutation {
        @Override
        default boolean servers() {
            return true;
        }
    }

    @Test
    void shouldFindAPoolThatGivesAServerAgainBeforeItsInventorySaysThatItIsClean() {
        Mutants.found(
                841,
                () -> wrapping("pools", machine -> new Mutants.Wrapped(machine) {
                    private final Map<String, ServerFact> facts = new HashMap<>();

                    @Override
                    public List<Message> handle(Input input, Moment moment, Stores stores) {
                        if (input instanceof Input.Received received
                                && PoolCommand.Noted.TYPE.equals(
                                        received.message().header("ce_type"))) {
                            var fact = received.message()
                                    .read(PoolCommand.Noted.class)
                                    .fact();
                            facts.put(fact.id(), fact);
                        }
                        var out = new ArrayList<>(super.handle(input, moment, stores));
                        for (var said : List.copyOf(out)) {
                            if (said.topic().equals(Topics.RESERVATIONS)) {
                                var reservation = said.read(Reservation.class);
                                if (reservation.kind() == Reservation.Kind.RELEASED) {
                                    out.addAll(super.handle(free(reservation, moment), moment, stores));
                                }
                            }
                        }
                        return out;
                    }

                    private Input free(Reservation released, Moment moment) {
                        var fact = facts.get(released.server());
                        return new Input.Received(Commands.message(
                                Topics.CLAIMS,
                                fact.pool(),
                                "free-" + released.fence(),
                                PoolCommand.Noted.TYPE,
                                moment.now(),
                                null,
                                new PoolCommand.Noted(new ServerFact(
                                        fact.id(),
                                        fact.site(),
                                        fact.serverType(),
                                        fact.tenant(),
                                        fact.rack(),
                                        fact.traits(),
                                        "available",
                                        true,
                                        null,
                                        fact.generation() + 1,
                                        released.fence(),
                                        null))));
                    }
                }));
    }

    @Test
    void shouldFindAPoolOfServersThatGivesTheSameClaimTwice() {
        Mutants.found(() -> wrapping("pools", machine -> new Mutants.Wrapped(machine) {
            @Override
            public List<Message> handle(Input input, Moment moment, Stores stores) {
                if (input instanceof Input.Received received
                        && received.message().key().startsWith("pool/")
                        && PoolCommand.Claim.TYPE.equals(received.message().header("ce_type"))) {
                    var holder =
                            received.message().read(PoolCommand.Claim.class).holder();
                    stores.store("holdings").delete(received.message().key() + '|' + holder.resource());
                }
                return super.handle(input, moment, stores);
            }
        }));
    }

    @Test
    void shouldFindAReleaseThatIsSaidBeforeAllPoolsHaveAcknowledgedIt() {
        Mutants.found(() -> wrapping("allocation", machine -> new Mutants.Wrapped(machine) {
            private final Map<Holder, Set<String>> told = new HashMap<>();

            @Override
            public List<Message> handle(Input input, Moment moment, Stores stores) {
                var out = new ArrayList<>(super.handle(input, moment, stores));
                out.stream()
                        .filter(said -> PoolCommand.Release.TYPE.equals(said.header("ce_type")))
                        .forEach(release -> told.computeIfAbsent(
                                        release.read(PoolCommand.Release.class).holder(), any -> new HashSet<>())
                                .add(release.key()));
                if (input instanceof Input.Received received
                        && PoolAnswer.TYPE.equals(received.message().header("ce_type"))) {
                    var answer = received.message().read(PoolAnswer.class);
                    if (answer.verdict() == Verdict.RELEASED) {
                        for (var other : told.getOrDefault(answer.holder(), Set.of())) {
                            out.addAll(super.handle(released(answer.holder(), other, moment), moment, stores));
                        }
                    }
                }
                return out;
            }

            private Input released(Holder holder, String pool, Moment moment) {
                return new Input.Received(Commands.message(
                        Topics.outcomes(Owner.ALLOCATION),
                        holder.resource().toString(),
                        "released-" + pool,
                        PoolAnswer.TYPE,
                        moment.now(),
                        null,
                        new PoolAnswer(pool, holder, Verdict.RELEASED, 0, List.of(), List.of(), null, null)));
            }
        }));
    }

    @Test
    void shouldFindAReplacementThatGivesBackTheServersOfOtherInstancesToo() {
        Mutants.found(
                560,
                () -> wrapping("pools", machine -> new Mutants.Wrapped(machine) {
                    @Override
                    public List<Message> handle(Input input, Moment moment, Stores stores) {
                        return super.handle(
                                received(input, PoolCommand.Release.TYPE, release -> release.remove("servers")),
                                moment,
                                stores);
                    }
                }));
    }

    @Test
    void shouldFindAPoolThatGivesAnotherInstanceTheServerOfAReplacement() {
        Mutants.found(
                130,
                () -> wrapping("pools", machine -> new Mutants.Wrapped(machine) {
                    @Override
                    public List<Message> handle(Input input, Moment moment, Stores stores) {
                        return super.handle(
                                received(
                                        input,
                                        PoolCommand.Claim.TYPE,
                                        claim -> claim.path("servers")
                                                .forEach(need -> ((ObjectNode) need).remove("index"))),
                                moment,
                                stores);
                    }
                }));
    }

    /** {@code input} with another payload, if it is of this type. */
    private static Input received(Input input, String type, Consumer<ObjectNode> change) {
        if (!(input instanceof Input.Received received)
                || !type.equals(received.message().header("ce_type"))) {
            return input;
        }
        var message = received.message();
        var tree = message.read(ObjectNode.class).deepCopy();
        change.accept(tree);
        return new Input.Received(Message.of(message.topic(), message.key(), message.headers(), tree));
    }

    @Test
    void shouldFindADriverThatDoesNotEndOtherSessions() {
        Mutants.found(978, () -> new OfServers() {
            @Override
            public Redfish redfish(Redfish bmc) {
                return (Redfish) Proxy.newProxyInstance(
                        Redfish.class.getClassLoader(), new Class<?>[] {Redfish.class}, (proxy, method, args) -> {
                            try {
                                return method.getName().equals("endOthers") ? null : method.invoke(bmc, args);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                        });
            }
        });
    }

    @Test
    void shouldFindAServerThatBeginsAnewWhileALastWorkMayStillBeUnderWay() {
        Mutants.found(() -> new OfServers() {
            @Override
            public Message work(Message work) {
                return work.topic().startsWith(Owner.BAREMETAL.word() + ".")
                        ? Mutants.with(work, "settledAt", Instant.EPOCH)
                        : work;
            }
        });
    }

    @Test
    void shouldFindACleaningThatMindsNoDataOfOthers() {
        Mutants.found(() -> new OfServers() {
            @Override
            public Message work(Message work) {
                var tree = work.read(ObjectNode.class).deepCopy();
                if (tree.at("/order/specification") instanceof ObjectNode task
                        && task.path("task").asText().equals("clean")) {
                    task.put("allowDataLoss", true);
                    return Message.of(work.topic(), work.key(), work.headers(), tree);
                }
                return work;
            }
        });
    }

    @Test
    void shouldFindACleaningThatForgetsWhatTheServerRan() {
        Mutants.found(545, () -> new Mutation() {
            @Override
            public Message work(Message work) {
                var tree = work.read(ObjectNode.class).deepCopy();
                if (tree.at("/order/specification") instanceof ObjectNode task && task.has("inUse")) {
                    task.remove("inUse");
                    return Message.of(work.topic(), work.key(), work.headers(), tree);
                }
                return work;
            }
        });
    }

    @Test
    void shouldFindAnInventoryThatKeepsOfferingWhatWasThrownOut() {
        Mutants.found(() ->
                Mutants.filtering("servers", said -> !(said.topic().equals(Topics.INVENTORY) && said.value() == null)));
    }

    @Test
    void shouldFindATombstoneThatBlocksNothing() {
        Mutants.found(() -> wrapping("servers", machine -> new Mutants.Wrapped(machine) {
            @Override
            public List<Message> handle(Input input, Moment moment, Stores stores) {
                if (!(input instanceof Input.Received received)
                        || !ServerCommand.Enrol.TYPE.equals(received.message().header("ce_type"))) {
                    return super.handle(input, moment, stores);
                }
                // as if somebody had said that it is clean
                var cleaned = Message.of(
                        received.message().topic(),
                        received.message().key(),
                        Map.of("ce_type", ServerCommand.Do.TYPE, "ce_id", "cleaned"),
                        new ServerCommand.Do(Verb.CLEANED, "nobody", null, false, null));
                var out = new ArrayList<>(super.handle(new Input.Received(cleaned), moment, stores));
                out.addAll(super.handle(input, moment, stores));
                return out;
            }
        }));
    }

    @Test
    void shouldFindAnAdoptionThatSwitchesTheServer() {
        Mutants.found(() -> new OfServers() {
            @Override
            public Message work(Message work) {
                var tree = work.read(ObjectNode.class).deepCopy();
                if (tree.at("/order/specification") instanceof ObjectNode task
                        && task.path("task").asText().equals("adopt")) {
                    task.put("task", "power").put("to", "RESET");
                    return Message.of(work.topic(), work.key(), work.headers(), tree);
                }
                return work;
            }
        });
    }

    @Test
    void shouldFindAnAdoptedServerThatIsCleanedLikeAnyOther() {
        Mutants.found(() -> new OfServers() {
            @Override
            public Message work(Message work) {
                var tree = work.read(ObjectNode.class).deepCopy();
                if (tree.at("/order/specification") instanceof ObjectNode task
                        && task.path("task").asText().equals("adopt")) {
                    task.put("task", "clean").put("site", "ams1").put("allowDataLoss", true);
                    return Message.of(work.topic(), work.key(), work.headers(), tree);
                }
                return work;
            }
        });
    }

    @Test
    void shouldFindAWatchThatNobodyListensTo() {
        Mutants.found(() -> wrapping("servers", machine -> new Mutants.Wrapped(machine) {
            @Override
            public List<Message> handle(Input input, Moment moment, Stores stores) {
                return input instanceof Input.Received received
                                && ServerCommand.Looked.TYPE.equals(
                                        received.message().header("ce_type"))
                        ? List.of()
                        : super.handle(input, moment, stores);
            }
        }));
    }

    @Test
    void shouldFindALaneWithoutAnEnd() {
        Mutants.found(() -> wrapping("servers", machine -> new Mutants.Wrapped(machine) {
            @Override
            public List<Message> handle(Input input, Moment moment, Stores stores) {
                var places = stores.store("places");
                places.range("", "~", 100).forEach(lane -> places.delete(lane.key()));
                return super.handle(input, moment, stores);
            }
        }));
    }

    private static Mutation wrapping(String of, UnaryOperator<Machine> wrap) {
        return new OfServers() {
            @Override
            public Machine machine(String name, Machine machine) {
                return name.equals(of) ? wrap.apply(machine) : machine;
            }
        };
    }
}
