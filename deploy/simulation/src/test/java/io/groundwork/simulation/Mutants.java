package io.groundwork.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What mutations are made of. */
final class Mutants {

    private static final int SEEDS = 12_000;

    /** Runs seeds until one fails, as one must. */
    static void found(Supplier<Mutation> mutation) {
        found(1, mutation);
    }

    /** The same from seed {@code first} on: what few seeds show is looked for where it was found, as that saves minutes. */
    static void found(long first, Supplier<Mutation> mutation) {
        var failure = new Seeds(first, SEEDS).run(mutation, result -> {});
        assertThat(failure).as("not found in " + SEEDS + " seeds").isNotNull();
        System.out.printf("found: %s%n", failure.firstLine());
    }

    /** A machine that is another in all it does not override. */
    static class Wrapped implements Machine {
        private final Machine machine;

        Wrapped(Machine machine) {
            this.machine = machine;
        }

        @Override
        public Set<String> inputs() {
            return machine.inputs();
        }

        @Override
        public Set<String> stores() {
            return machine.stores();
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            return machine.handle(input, moment, stores);
        }
    }

    /** A machine of which some of what it says is lost. */
    static Mutation filtering(String of, Predicate<Message> keeps) {
        return new Mutation() {
            @Override
            public Machine machine(String name, Machine machine) {
                return !name.equals(of)
                        ? machine
                        : new Wrapped(machine) {
                            @Override
                            public List<Message> handle(Input input, Moment moment, Stores stores) {
                                return super.handle(input, moment, stores).stream()
                                        .filter(keeps)
                                        .toList();
                            }
                        };
            }
        };
    }

    /** Nothing that was made is taken down again, which takes a deploy, an approval and a reason to give up. */
    static Mutation forgettingToCompensate() {
        return filtering(
                "cloud",
                said -> !said.topic().equals(Topics.operations(Owner.CLOUD))
                        || !text(said).contains("\"goal\":\"UNDONE\""));
    }

    static String text(Message message) {
        var value = message.value();
        return value == null ? "" : new String(value, UTF_8);
    }

    /** The same record with another value in one field. */
    static Message with(Message message, String field, Object value) {
        var tree = message.read(ObjectNode.class).deepCopy();
        tree.putPOJO(field, value);
        return Message.of(message.topic(), message.key(), message.headers(), tree);
    }

    private Mutants() {}
}
