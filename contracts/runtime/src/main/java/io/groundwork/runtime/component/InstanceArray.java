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
 * @param only the one machine that the step is about; all are when absent
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
        @Nullable Integer only,
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
     * @param renewed the sequence of the request that made it anew; absent of one that was made with its component
     */
    public record Unit(
            @Nullable Goal reached,
            @Nullable Instance made,
            @Nullable PendingOperation pending,
            @Nullable Failure failure,
            @Nullable Long renewed) {

        static final Unit UNHEARD = new Unit(null, null, null, null, null);

        /** What is at its goal stays, what failed or was on its way is open again. */
        private Unit open() {
            return new Unit(reached, made, null, null, renewed);
        }

        private Unit reached(@Nullable Goal goal, @Nullable Instance now) {
            return new Unit(goal, now, null, null, renewed);
        }

        private Unit heard(@Nullable PendingOperation on, @Nullable Failure why) {
            return new Unit(reached, made, on, why, renewed);
        }
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
                null,
                Map.of(),
                null,
                null);
    }

    /** Driven anew: what is at its goal stays, what failed or was on its way is open again. */
    InstanceArray toward(Goal next, Fact fact, StepId by, @Nullable Integer about) {
        var open = new TreeMap<String, Unit>();
        units.forEach((unit, heard) -> open.put(unit, heard.open()));
        return new InstanceArray(
                created, count, placement, fact.sequence(), by, fact.attempt(), next, about, open, shared, null);
    }

    /** One machine is made anew, by the request of {@code fact}; what another has made of it is forgotten. */
    InstanceArray renewing(int machine, Fact fact, StepId by) {
        var driven = toward(Goal.DONE, fact, by, machine);
        var unit = Integer.toString(machine);
        return made(unit) == fact.sequence()
                ? driven
                : driven.with(unit, new Unit(null, null, null, null, fact.sequence()));
    }

    InstanceArray reported(@Nullable ComponentProgressed progress) {
        return new InstanceArray(
                created, count, placement, driving, step, attempt, goal, only, units, shared, progress);
    }

    /** The sequence of the request that made a unit, or makes it: a part of its operation's id. */
    long made(String unit) {
        var renewed = unit(unit).renewed();
        return renewed == null ? created : renewed;
    }

    /** Whether anything that the request of {@code sequence} made of it may stand. */
    public boolean standsBy(long sequence) {
        return created == sequence
                || units.values().stream()
                        .anyMatch(unit ->
                                unit.renewed() != null && unit.renewed() == sequence && unit.reached() != Goal.UNDONE);
    }

    /** With what an operation came to; this very object if it is about an earlier order, or nothing new. */
    InstanceArray learn(OperationId operation, OperationOutcome outcome) {
        var known = unit(operation.unit());
        if (operation.sequence() != made(operation.unit())
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
            case PENDING -> with(operation.unit(), known.heard(outcome.pending(), null));
            case FAILED ->
                with(
                        operation.unit(),
                        known.heard(
                                outcome.pending(),
                                Objects.requireNonNull(outcome.failure(), "a failed operation has a failure")));
            case REACHED -> {
                if (goal == Goal.DONE && operation.unit().equals(OperationId.SHARED)) {
                    yield with(OperationId.SHARED, known.reached(goal, null))
                            .sharing(outputs == null ? NullNode.getInstance() : outputs);
                }
                var made = goal == Goal.DONE && outputs != null
                        ? Json.MAPPER.convertValue(outputs, Instance.class)
                        : known.made();
                yield with(operation.unit(), known.reached(goal, made));
            }
        };
    }

    private InstanceArray with(String name, Unit unit) {
        var more = new TreeMap<>(units);
        more.put(name, unit);
        return new InstanceArray(created, count, placement, driving, step, attempt, goal, only, more, shared, reported);
    }

    private InstanceArray sharing(JsonNode made) {
        return new InstanceArray(created, count, placement, driving, step, attempt, goal, only, units, made, reported);
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

    /** Those of them that the step is about. */
    private List<String> driven() {
        return only == null ? machines().toList() : List.of(only.toString());
    }

    boolean at(String unit, Goal wanted) {
        return unit(unit).reached() == wanted;
    }

    /** Whether every machine that the step is about is at the goal. */
    boolean allDrivenAt(Goal wanted) {
        return driven().stream().allMatch(unit -> at(unit, wanted));
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
        var driven = driven();
        var done = (int) driven.stream().filter(unit -> at(unit, goal)).count();
        var worst = Comparator.comparingInt((PendingOperation operation) -> operation.lastError() == null ? 1 : 0);
        var pending = units.values().stream()
                .flatMap(unit -> Optional.ofNullable(unit.pending()).stream())
                .sorted(worst.thenComparing(PendingOperation::tries, Comparator.reverseOrder())
                        .thenComparing(PendingOperation::id))
                .limit(MOST_PENDING)
                .toList();
        return new ComponentProgressed(component, done, driven.size(), busyWith(), pending);
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
                        .filter(unit -> unit.reached() != Goal.UNDONE)
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
