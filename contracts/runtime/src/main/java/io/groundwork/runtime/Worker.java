package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Does works of one owner by one driver: one record in, one result out. Safe to call from many threads, and again with the same
 * work.
 */
public final class Worker<P, C> {

    private final Owner owner;
    private final Driver<P, C> driver;
    private final String name;
    private final InstantSource clock;

    /** @param name tells this process from others to people, such as {@code cloud-provisioner@host-7:4711} */
    public Worker(Owner owner, Driver<P, C> driver, String name, InstantSource clock) {
        this.owner = owner;
        this.driver = driver;
        this.name = name;
        this.clock = clock;
    }

    /** Does what a record of a work queue asks; returns the record to send: a result, or a dead letter. */
    public Message work(Message message) {
        Work work;
        P specification;
        C checkpoint;
        try {
            work = message.read(Work.class);
            specification = Json.MAPPER.convertValue(work.order().specification(), driver.specification());
            checkpoint =
                    work.checkpoint() == null ? null : Json.MAPPER.convertValue(work.checkpoint(), driver.checkpoint());
        } catch (RuntimeException unreadable) {
            return DeadLetter.of(owner, message, unreadable);
        }
        var result = result(work, specification, checkpoint);
        return Commands.message(
                Topics.results(owner),
                result.operation(),
                Uuids.named(
                                result.operation(),
                                Long.toString(result.fence()),
                                name,
                                clock.instant().toString())
                        .toString(),
                WorkResult.TYPE,
                clock.instant(),
                message.header(EventCodec.TRACE),
                result);
    }

    private WorkResult result(Work work, P specification, @Nullable C checkpoint) {
        if (clock.instant().isAfter(work.notAfter())) {
            return dropped(work, false);
        }
        var calls = new Calls(clock);
        var operation = new Operation<>(specification, checkpoint, work, calls);
        Progress<C> progress;
        try {
            progress = work.order().goal() == Goal.DONE ? driver.advance(operation) : driver.undo(operation);
        } catch (Operation.Expired expired) {
            return dropped(work, calls.wasMutated());
        } catch (RuntimeException bug) {
            // a driver turns what a back end may say into progress; anything else is a fault of its own, and may be
            // passing
            calls.unanswered();
            progress = new Progress.Failed<>(
                    null,
                    new Failure(FailureCategory.BUG, "The driver failed; an operator was told.", bug.toString(), true));
        }
        var settled = !calls.wasUnanswered();
        return switch (progress) {
            case Progress.Done<C> done ->
                new WorkResult(
                        operation.id(),
                        work.fence(),
                        name,
                        WorkResult.Kind.DONE,
                        tree(done.checkpoint()),
                        tree(done.outputs()),
                        null,
                        null,
                        null,
                        settled,
                        calls.wasMutated());
            case Progress.Pending<C> pending ->
                new WorkResult(
                        operation.id(),
                        work.fence(),
                        name,
                        WorkResult.Kind.PENDING,
                        tree(pending.checkpoint()),
                        null,
                        pending.pollAfter(),
                        pending.detail(),
                        null,
                        settled,
                        calls.wasMutated());
            case Progress.Failed<C> failed ->
                new WorkResult(
                        operation.id(),
                        work.fence(),
                        name,
                        WorkResult.Kind.FAILED,
                        tree(failed.checkpoint()),
                        null,
                        null,
                        null,
                        failed.failure(),
                        settled,
                        calls.wasMutated());
        };
    }

    private WorkResult dropped(Work work, boolean mutated) {
        return new WorkResult(
                work.order().id(),
                work.fence(),
                name,
                WorkResult.Kind.DROPPED,
                null,
                null,
                null,
                null,
                null,
                !mutated,
                mutated);
    }

    private static @Nullable JsonNode tree(@Nullable Object value) {
        return value == null ? null : Json.MAPPER.valueToTree(value);
    }
}
