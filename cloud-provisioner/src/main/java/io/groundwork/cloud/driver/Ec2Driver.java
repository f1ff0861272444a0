package io.groundwork.cloud.driver;

import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes and removes what {@link Ec2Spec} asks for. What stands is found by the tag of its operation, set by the very call that
 * makes it, so that a lost answer leaves nothing unknown.
 */
public final class Ec2Driver implements Driver<Ec2Spec, Ec2Checkpoint> {

    private final Function<Choices, Ec2> accounts;
    private final InstantSource clock;
    private final Ec2Patience patience;

    /** @param accounts EC2 at a placement; throws an {@link Ec2Exception} where there is none */
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
        return guarded(operation, Move::advance);
    }

    @Override
    public Progress<Ec2Checkpoint> undo(Operation<Ec2Spec, Ec2Checkpoint> operation) {
        return guarded(operation, Move::undo);
    }

    private Progress<Ec2Checkpoint> guarded(
            Operation<Ec2Spec, Ec2Checkpoint> operation, Function<Move, Progress<Ec2Checkpoint>> direction) {
        Move move;
        try {
            move = move(operation);
        } catch (Ec2Exception unavailable) {
            return new Progress.Failed<>(operation.checkpoint(), unavailable.failure());
        }
        try {
            return direction.apply(move);
        } catch (Ec2Exception failed) {
            return new Progress.Failed<>(move.reached(), failed.failure());
        }
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
        abstract Ec2Checkpoint reached();

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
