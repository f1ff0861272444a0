package io.groundwork.runtime.component;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.ComponentOutputs.Instance;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.Json;
import io.groundwork.events.StepId;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One component: how many machines it has, where, which way they go, and what was heard of each.
 *
 * @param created the sequence of the request that made it: a part of its operations' ids
 * @param placement absent only of a component that was never given one
 * @param driving the sequence of the request whose step drives it now
 * @param step that drives it, under {@code attempt}, toward {@code goal}
 * @param units what was heard of each unit; those never heard of are absent
 * @param shared what its machines share, once made: the outputs of that operation
 * @param reported the last progress published toward this goal and attempt
 */
public record InstanceArray(
        long created,
        int count,
        @Nullable Choices placement,
        long driving,
        StepId step,
        int attempt,
        Goal goal,
        Map<String, Unit> units,
        @JsonAlias("access") @Nullable JsonNode shared,
        @Nullable ComponentProgressed reported) {

    /** How many pending operations an event names at most. */
    private static final int MOST_PENDING = 20;

    public InstanceArray {
        units = Collections.unmodifiableMap(new TreeMap<>(units));
    }

    /**
     * What was heard of one operation.
     *
     * @param reached the goal it is at; null while it is at none
     * @param made of a machine, kept while it is undone too
     * @param pending while it is on its way, as far as there is anything to say
     * @param failure that ended this attempt
     */
    public record Unit(
            @Nullable Goal reached,
            @Nullable Instance made,
            @Nullable PendingOperation pending,
            @Nullable Failure failure) {

        static final Unit UNHEARD = new Unit(null, null, null, null);
    }

    static InstanceArray started(int count, @Nullable Choices placement, Fact fact, StepId step) {
        return new InstanceArray(
                fact.sequence(),
                count,
                placement,
                fact.sequence(),
                step,
                fact.attempt(),
                Goal.DONE,
                Map.of(),
                null,
                null);
    }

    /** Driven anew: what is at its goal stays, what failed or was on its way is open again. */
    InstanceArray toward(Goal next, Fact fact, StepId by) {
        var open = new TreeMap<String, Unit>();
        units.forEach((unit, heard) -> open.put(unit, new Unit(heard.reached(), heard.made(), null, null)));
        return new InstanceArray(
                created, count, placement, fact.sequence(), by, fact.attempt(), next, open, shared, null);
    }

    InstanceArray reported(@Nullable ComponentProgressed progress) {
        return new InstanceArray(created, count, placement, driving, step, attempt, goal, units, shared, progress);
    }

    /** With what an operation came to; this very object if it is about an earlier order, or nothing new. */
    InstanceArray learn(OperationId operation, OperationOutcome outcome) {
        var known = unit(operation.unit());
        if (operation.sequence() != created
                || outcome.sequence() != driving
                || !step.equals(outcome.step())
                || outcome.attempt() != attempt
                || outcome.goal() != goal
                || known.reached() == goal
                || known.failure() != null) {
            return this;
        }
        var outputs = outcome.outputs();
        return switch (outcome.kind()) {
            case PENDING -> with(operation.unit(), new Unit(known.reached(), known.made(), outcome.pending(), null));
            case FAILED ->
                with(
                        operation.unit(),
                        new Unit(
                                known.reached(),
                                known.made(),
                                outcome.pending(),
                                Objects.requireNonNull(outcome.failure(), "a failed operation has a failure")));
            case REACHED -> {
                if (goal == Goal.DONE && operation.unit().equals(OperationId.SHARED)) {
                    yield with(OperationId.SHARED, new Unit(goal, null, null, null))
                            .sharing(outputs == null ? NullNode.getInstance() : outputs);
                }
                var made = goal == Goal.DONE && outputs != null
                        ? Json.MAPPER.convertValue(outputs, Instance.class)
                        : known.made();
                yield with(operation.unit(), new Unit(goal, made, null, null));
            }
        };
    }

    private InstanceArray with(String name, Unit unit) {
        var more = new TreeMap<>(units);
        more.put(name, unit);
        return new InstanceArray(created, count, placement, driving, step, attempt, goal, more, shared, reported);
    }

    private InstanceArray sharing(JsonNode made) {
        return new InstanceArray(created, count, placement, driving, step, attempt, goal, units, made, reported);
    }

    /** Whether the step that {@code by} reports on is the one that drives it. */
    boolean drivenBy(long sequence, StepId by, int under) {
        return driving == sequence && step.equals(by) && attempt == under;
    }

    Unit unit(String name) {
        return units.getOrDefault(name, Unit.UNHEARD);
    }

    /** Its machines' units, in the order of their indexes. */
    Stream<String> machines() {
        return IntStream.range(0, count).mapToObj(Integer::toString);
    }

    boolean at(String unit, Goal wanted) {
        return unit(unit).reached() == wanted;
    }

    /** Whether every machine is at the goal. */
    boolean allMachinesAt(Goal wanted) {
        return machines().allMatch(unit -> at(unit, wanted));
    }

    /** The units of {@code among} that failed. */
    List<String> failed(Stream<String> among) {
        return among.filter(unit -> unit(unit).failure() != null).toList();
    }

    Optional<Failure> firstFailure() {
        return units.values().stream()
                .flatMap(unit -> Optional.ofNullable(unit.failure()).stream())
                .findFirst();
    }

    ComponentProgressed progress(String component) {
        var done = (int) machines().filter(unit -> at(unit, goal)).count();
        var worst = Comparator.comparingInt((PendingOperation operation) -> operation.lastError() == null ? 1 : 0);
        var pending = units.values().stream()
                .flatMap(unit -> Optional.ofNullable(unit.pending()).stream())
                .sorted(worst.thenComparing(PendingOperation::tries, Comparator.reverseOrder())
                        .thenComparing(PendingOperation::id))
                .limit(MOST_PENDING)
                .toList();
        return new ComponentProgressed(component, done, count, busyWith(), pending);
    }

    /** What most of its operations are busy with. */
    private @Nullable String busyWith() {
        return units.values().stream()
                .flatMap(unit -> Optional.ofNullable(unit.pending()).stream())
                .flatMap(pending -> Optional.ofNullable(pending.detail()).stream())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> most.getValue() == 1 ? most.getKey() : most.getValue() + " times: " + most.getKey())
                .orElse(null);
    }

    /** What stands of it: its machines that are up. */
    public ComponentOutputs outputs() {
        return new ComponentOutputs(
                count,
                machines()
                        .map(this::unit)
                        .flatMap(unit -> Optional.ofNullable(unit.made()).stream())
                        .toList());
    }

    /** What may be left of {@code among}, by {@code name} and, where known, the provider's id. */
    List<String> left(UnaryOperator<String> name, Stream<String> among) {
        return among.filter(unit -> !at(unit, Goal.UNDONE))
                .map(unit -> {
                    var made = unit(unit).made();
                    return name.apply(unit) + (made == null ? "" : " (" + made.providerId() + ")");
                })
                .toList();
    }
}
