package io.groundwork.cloud.driver;

import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes what {@link Ec2Spec} asks for. What stands is found by the tag of its operation, set by the very call that
 * makes it, so that a lost answer leaves nothing unknown.
 */
public final class Ec2Driver implements Driver<Ec2Spec, Ec2Checkpoint> {

    private final Function<Choices, Ec2> accounts;
    private final InstantSource clock;
    private final Ec2Patience patience;

    /** @param accounts EC2 at a placement */
    public Ec2Driver(Function<Choices, Ec2> accounts, InstantSource clock, Ec2Patience patience) {
        this.accounts = accounts;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public Class<Ec2Spec> specification() {
        return Ec2Spec.class;
    }

    @Override
    public Class<Ec2Checkpoint> checkpoint() {
        return Ec2Checkpoint.class;
    }

    @Override
    public Progress<Ec2Checkpoint> advance(Operation<Ec2Spec, Ec2Checkpoint> operation) {
        var move = move(operation);
        return move.guarded(move::advance);
    }

    @Override
    public Progress<Ec2Checkpoint> undo(Operation<Ec2Spec, Ec2Checkpoint> operation) {
        var move = move(operation);
        return move.guarded(move::undo);
    }

    private Move move(Operation<Ec2Spec, Ec2Checkpoint> operation) {
        return switch (operation.specification()) {
            case Ec2Spec.Machine machine ->
                new MachineMove(operation, machine, accounts.apply(machine.placement()), clock, patience);
            case Ec2Spec.Access access ->
                new AccessMove(operation, access, accounts.apply(access.placement()), clock, patience);
        };
    }

    /** One move of one operation: the calls of one {@code advance} or {@code undo}. */
    abstract static sealed class Move permits MachineMove, AccessMove {

        final Operation<Ec2Spec, Ec2Checkpoint> operation;
        final Ec2 ec2;
        final InstantSource clock;
        final Ec2Patience patience;

        Move(Operation<Ec2Spec, Ec2Checkpoint> operation, Ec2 ec2, InstantSource clock, Ec2Patience patience) {
            this.operation = operation;
            this.ec2 = ec2;
            this.clock = clock;
            this.patience = patience;
        }

        abstract Progress<Ec2Checkpoint> advance();

        abstract Progress<Ec2Checkpoint> undo();

        /** How far it has come by now, also when a call failed on the way. */
        abstract @Nullable Ec2Checkpoint reached();

        Progress<Ec2Checkpoint> guarded(Supplier<Progress<Ec2Checkpoint>> move) {
            try {
                return move.get();
            } catch (Ec2Exception failed) {
                return new Progress.Failed<>(reached(), failed.failure());
            }
        }

        /** Makes a call that changes something, within the work's time. */
        <T> T change(Supplier<T> call) {
            try {
                return operation.mutate(call);
            } catch (Ec2Exception.Unanswered unanswered) {
                operation.unanswered();
                throw unanswered;
            } catch (Ec2Exception.Refused refused) {
                if (!refused.definite()) {
                    operation.unanswered();
                }
                throw refused;
            }
        }

        void changing(Runnable call) {
            this.<Boolean>change(() -> {
                call.run();
                return true;
            });
        }
    }
}
