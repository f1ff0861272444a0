package io.groundwork.cloud.driver;

import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.cloud.driver.Ec2.Machine;
import io.groundwork.cloud.driver.Ec2.State;
import io.groundwork.cloud.driver.Ec2Checkpoint.OfMachine;
import io.groundwork.cloud.driver.Ec2Exception.Refused;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine. Looks first whenever a launch may have happened; launches only what is proven not to be there, under a token that
 * stays the same until the launch is proven over.
 *
 * <p>Forward fails ⇒ what the launch may have made carries the operation's tag and is found by the undo. Undo fails ⇒ what is
 * left is described in the checkpoint and found by the tag again.
 */
final class MachineMove extends Ec2Driver.Move {

    private static final Comparator<Machine> BEST = Comparator.comparingInt(
                    (Machine machine) -> machine.state() == State.RUNNING ? 0 : 1)
            .thenComparing(Machine::launchedAt)
            .thenComparing(Machine::id);

    private final Ec2Spec.Machine machine;
    private OfMachine at;

    MachineMove(
            Operation<Ec2Spec, Ec2Checkpoint> operation,
            Ec2Spec.Machine machine,
            Ec2 ec2,
            InstantSource clock,
            Ec2Patience patience) {
        super(operation, ec2, clock, patience);
        this.machine = machine;
        this.at = operation.checkpoint() instanceof OfMachine known ? known : OfMachine.START;
    }

    @Override
    Ec2Checkpoint reached() {
        return at;
    }

    @Override
    Progress<Ec2Checkpoint> advance() {
        var seen = mayHaveLaunched() ? observe() : List.<Machine>of();
        var live = seen.stream().filter(MachineMove::lives).sorted(BEST).toList();
        if (!live.isEmpty()) {
            return settleOn(live);
        }
        if (at.made() != null) {
            // asked again about one that is done, for what a late call may have made beside it: it is not made twice
            return new Progress.Done<>(at, at.made());
        }
        if (hidden(seen)) {
            return patient()
                    ? pending("waits until EC2 shows the machine")
                    : new Progress.Failed<>(
                            at,
                            new Failure(
                                    FailureCategory.PROVIDER,
                                    "The cloud made a machine and does not know it.",
                                    at.id(),
                                    false));
        }
        if (seen.stream().anyMatch(one -> one.state() == State.SHUTTING_DOWN)) {
            return pending("waits for the end of a machine that terminates");
        }
        var last = seen.stream().max(Comparator.comparingInt(Machine::attempt)).orElse(null);
        if (last != null && last.attempt() >= at.launch()) {
            // it began and ended by itself, as for want of a volume: this launch is over, and counts as a failed one
            at = at.next(last.attempt() + 1);
            return new Progress.Failed<>(at, ended(last));
        }
        if (mayHaveLaunched() && !operation.settled(patience.consistencyWindow())) {
            return pending("waits to be sure that no machine was launched");
        }
        return launch();
    }

    private boolean mayHaveLaunched() {
        return at.begun() || operation.work().tries() > 0 || operation.work().fence() > 1;
    }

    /** What there is of this operation, the machine that EC2 named included, whether or not it is found by its tag yet. */
    private List<Machine> observe() {
        var seen = new ArrayList<>(ec2.machines(operation.id()));
        if (hidden(seen)) {
            ec2.machine(String.valueOf(at.id())).ifPresent(seen::add);
        }
        return seen;
    }

    /** Whether EC2 named a machine that it does not show. */
    private boolean hidden(List<Machine> seen) {
        return at.id() != null && seen.stream().noneMatch(one -> one.id().equals(at.id()));
    }

    private boolean patient() {
        return at.since() != null && clock.instant().isBefore(at.since().plus(patience.notFound()));
    }

    private static boolean lives(Machine one) {
        return switch (one.state()) {
            case PENDING, RUNNING, STOPPING, STOPPED -> true;
            case SHUTTING_DOWN, TERMINATED -> false;
        };
    }

    /** Keeps one, terminates those beside it. */
    private Progress<Ec2Checkpoint> settleOn(List<Machine> live) {
        var kept = live.stream()
                .filter(one -> one.id().equals(at.id()))
                .findFirst()
                .orElse(live.getFirst());
        at = at.named(kept.id(), clock.instant());
        var extra = live.stream()
                .map(Machine::id)
                .filter(id -> !id.equals(kept.id()))
                .toList();
        if (!extra.isEmpty()) {
            changing(() -> ec2.terminate(extra));
        }
        return stands(kept);
    }

    private Progress<Ec2Checkpoint> stands(Machine kept) {
        if (kept.state() != State.RUNNING) {
            return pending("waits until the machine runs");
        }
        var made = new ComponentOutputs.Instance(
                machine.index(),
                kept.id(),
                kept.privateIp(),
                machine.placement().region());
        at = at.done(made);
        return new Progress.Done<>(at, made);
    }

    private Progress<Ec2Checkpoint> launch() {
        var launch = machine.launch();
        if (launch == null) {
            return failed(FailureCategory.BUG, "There is nothing to launch.");
        }
        if (at.image() == null) {
            var image = ec2.image(launch.image());
            if (image.isEmpty()) {
                return failed(FailureCategory.VALIDATION, "The cloud has no image " + launch.image() + ".");
            }
            at = at.resolved(image.get());
        }
        var before = at;
        at = at.beginning();
        try {
            var launched = change(() -> ec2.run(request(launch, before)));
            at = at.named(launched.id(), clock.instant());
            return stands(launched);
        } catch (Refused refused) {
            at = afterRefusal(refused, before);
            throw refused;
        }
    }

    private OfMachine afterRefusal(Refused refused, OfMachine before) {
        return switch (refused.code()) {
            // what was launched under this token is gone for good, and the token with it
            case "IdempotentInstanceTerminated" -> at.next(at.launch() + 1);
            case "IdempotentParameterMismatch" -> {
                if (before.begun()) {
                    // begun, answered or too old to land, and nothing of it is there
                    yield at.next(at.launch() + 1);
                }
                // this token was used by a work whose record was lost: what it made is not shown yet
                operation.unanswered();
                yield at;
            }
            default -> refused.definite() ? before : at;
        };
    }

    private Ec2.Launch request(Ec2Spec.Launch launch, OfMachine now) {
        var image = now.image();
        if (image == null) {
            throw new IllegalStateException("the image is resolved before the launch");
        }
        return new Ec2.Launch(
                Uuids.named(operation.id(), Integer.toString(now.launch())).toString(),
                launch.instanceType(),
                image.id(),
                image.rootDevice(),
                launch.bootVolumeGiB(),
                launch.groupIds(),
                launch.keyName(),
                launch.userData(),
                tags(now.launch()));
    }

    private Map<String, String> tags(int attempt) {
        var order = operation.work().order();
        return Map.of(
                "Name",
                machine.component() + "-" + machine.index(),
                "groundwork:resource",
                order.resource().toString(),
                "groundwork:component",
                machine.component(),
                "groundwork:instance",
                Integer.toString(machine.index()),
                "groundwork:request",
                order.request().toString(),
                Ec2.OPERATION,
                order.id(),
                Ec2.ATTEMPT,
                Integer.toString(attempt));
    }

    @Override
    Progress<Ec2Checkpoint> undo() {
        var seen = observe();
        var live = seen.stream().filter(MachineMove::lives).map(Machine::id).toList();
        if (!live.isEmpty()) {
            var gone = change(() -> ec2.terminate(live));
            at = at.moved();
            if (!gone || hidden(seen) || !spent(seen)) {
                return pending("terminates the machine");
            }
            return new Progress.Done<>(at, null);
        }
        if (seen.stream().anyMatch(one -> one.state() == State.SHUTTING_DOWN)) {
            return pending("waits until the machine is terminated");
        }
        if (hidden(seen) && patient()) {
            try {
                changing(() -> ec2.terminate(List.of(String.valueOf(at.id()))));
            } catch (Refused refused) {
                if (!refused.notFound()) {
                    throw refused;
                }
            }
            return pending("waits until EC2 shows the machine, to terminate it");
        }
        if (!spent(seen) && !operation.settled(patience.consistencyWindow())) {
            return pending("waits to be sure that no machine was launched");
        }
        return new Progress.Done<>(at, null);
    }

    /** Whether this launch was seen to its end: nothing can be launched under its token any more, however late a call lands. */
    private boolean spent(List<Machine> ended) {
        return ended.stream().anyMatch(one -> one.attempt() >= at.launch());
    }

    private Progress<Ec2Checkpoint> pending(String detail) {
        var delay = patience.pollAfter(at.polls());
        at = at.polled();
        return new Progress.Pending<>(at, delay, detail);
    }

    private Progress<Ec2Checkpoint> failed(FailureCategory category, String message) {
        return new Progress.Failed<>(at, Failure.permanent(category, message));
    }

    private static Failure ended(Machine ended) {
        var reason = ended.reason();
        var category = reason == null ? FailureCategory.PROVIDER : endedFor(reason);
        return new Failure(category, "The machine ended by itself while it started.", reason, true);
    }

    private static FailureCategory endedFor(@Nullable String reason) {
        return switch (reason) {
            case "Server.InsufficientInstanceCapacity" -> FailureCategory.CAPACITY;
            case "Client.VolumeLimitExceeded" -> FailureCategory.QUOTA;
            case null, default -> FailureCategory.PROVIDER;
        };
    }
}
