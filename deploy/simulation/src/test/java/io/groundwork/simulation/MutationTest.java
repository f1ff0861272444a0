package io.groundwork.simulation;

import io.groundwork.allocation.domain.PoolCommand;
import io.groundwork.allocation.domain.Rules;
import io.groundwork.cloud.driver.Ec2;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Work;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is broken on purpose must be found, and within far fewer seeds than every build runs. */
class MutationTest {

    @Test
    void shouldFindTokensThatAreNewForEveryCall() {
        Mutants.found(() -> new Mutation() {
            private int number;

            @Override
            public Ec2 cloud(Ec2 cloud) {
                return launching(cloud, launch -> withToken(launch, "token-" + number++));
            }
        });
    }

    @Test
    void shouldFindTokensThatAreTheSameForARequest() {
        Mutants.found(() -> new Mutation() {
            @Override
            public Ec2 cloud(Ec2 cloud) {
                return launching(
                        cloud,
                        launch -> withToken(launch, String.valueOf(launch.tags().get("groundwork:request"))));
            }
        });
    }

    @Test
    void shouldFindWorkersThatActPastTheirTime() {
        Mutants.found(() -> new Mutation() {
            @Override
            public Message work(Message work) {
                return Mutants.with(work, "notAfter", Instant.parse("2027-01-01T00:00:00Z"));
            }
        });
    }

    @Test
    void shouldFindDriversThatTrustWhatTheySeeTooEarly() {
        Mutants.found(() -> new Mutation() {
            @Override
            public Message work(Message work) {
                return Mutants.with(work, "settledAt", Instant.EPOCH);
            }
        });
    }

    @Test
    void shouldFindAnEngineThatHandsOutAgainWhileACallMayStillLand() {
        Mutants.found(() -> new Mutation() {
            @Override
            public OperationPolicy policy() {
                var right = OperationPolicy.DEFAULT;
                return new OperationPolicy(
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        right.firstRetry(),
                        right.longestRetry(),
                        right.mostTries(),
                        right.outstanding(),
                        right.keptFor());
            }

            @Override
            public Message work(Message work) {
                return Mutants.with(work, "notAfter", Instant.parse("2027-01-01T00:00:00Z"));
            }
        });
    }

    @Test
    void shouldFindACompensationThatIsForgotten() {
        Mutants.found(Mutants::forgettingToCompensate);
    }

    @Test
    void shouldFindAPoolThatAcknowledgesAReleaseAndKeepsTheClaim() {
        Mutants.found(() -> new Mutation() {
            @Override
            public Machine machine(String name, Machine machine) {
                return !name.equals("pools")
                        ? machine
                        : new Mutants.Wrapped(machine) {
                            @Override
                            public List<Message> handle(Input input, Moment moment, Stores stores) {
                                var release = input instanceof Input.Received received
                                        && PoolCommand.Release.TYPE.equals(
                                                received.message().header("ce_type"));
                                return super.handle(input, moment, release ? new TransactionalStores(false) : stores);
                            }
                        };
            }
        });
    }

    @Test
    void shouldFindAPoolWithoutLimits() {
        Mutants.found(() -> new Mutation() {
            @Override
            public Rules rules(Rules rules) {
                return pool -> Map.of();
            }
        });
    }

    @Test
    void shouldFindAPoolThatForgetsWhoHoldsIt() {
        Mutants.found(() -> new Mutation() {
            @Override
            public Machine machine(String name, Machine machine) {
                return !name.equals("pools")
                        ? machine
                        : new Mutants.Wrapped(machine) {
                            @Override
                            public List<Message> handle(Input input, Moment moment, Stores stores) {
                                if (input instanceof Input.Received received
                                        && PoolCommand.Claim.TYPE.equals(
                                                received.message().header("ce_type"))) {
                                    var claim = received.message();
                                    var holder =
                                            claim.read(PoolCommand.Claim.class).holder();
                                    stores.store("holdings").delete(claim.key() + '|' + holder.resource());
                                }
                                return super.handle(input, moment, stores);
                            }
                        };
            }
        });
    }

    @Test
    void shouldFindAnEngineThatTakesAnAnswerForThatOfItsLastWork() {
        Mutants.found(330, () -> new Mutation() {
            @Override
            public Machine machine(String name, Machine machine) {
                return !name.equals("cloud-operations")
                        ? machine
                        : new Mutants.Wrapped(machine) {
                            private final Map<String, Long> fences = new HashMap<>();

                            @Override
                            public List<Message> handle(Input input, Moment moment, Stores stores) {
                                var out = super.handle(unfenced(input), moment, stores);
                                out.stream()
                                        .filter(said -> Work.TYPE.equals(said.header("ce_type")))
                                        .forEach(work -> fences.put(
                                                work.key(),
                                                work.read(Work.class).fence()));
                                return out;
                            }

                            private Input unfenced(Input input) {
                                return input instanceof Input.Received received
                                                && received.message().topic().equals(Topics.results(Owner.CLOUD))
                                        ? new Input.Received(Mutants.with(
                                                received.message(),
                                                "fence",
                                                fences.getOrDefault(
                                                        received.message().key(), 0L)))
                                        : input;
                            }
                        };
            }
        });
    }

    @Test
    void shouldFindAnEndThatIsNotPublished() {
        Mutants.found(() -> Mutants.filtering("request", said -> !said.topic().equals(Topics.COMPLETIONS)));
    }

    @Test
    void shouldFindTransactionsThatTear() {
        Mutants.found(() -> new Mutation() {
            @Override
            public boolean torn() {
                return true;
            }
        });
    }

    private static Ec2.Launch withToken(Ec2.Launch launch, String token) {
        return new Ec2.Launch(
                token,
                launch.instanceType(),
                launch.imageId(),
                launch.rootDevice(),
                launch.bootVolumeGiB(),
                launch.groupIds(),
                launch.keyName(),
                launch.userData(),
                launch.tags());
    }

    private static Ec2 launching(Ec2 cloud, UnaryOperator<Ec2.Launch> change) {
        return (Ec2) Proxy.newProxyInstance(
                Ec2.class.getClassLoader(), new Class<?>[] {Ec2.class}, (proxy, method, args) -> {
                    try {
                        return method.getName().equals("run")
                                ? cloud.run(change.apply((Ec2.Launch) args[0]))
                                : method.invoke(cloud, args);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
