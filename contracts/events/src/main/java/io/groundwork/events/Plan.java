package io.groundwork.events;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of a request, a directed acyclic graph. Compiled from the design when the request starts, approved by its digest,
 * and never changed under way.
 *
 * @param steps in an order in which each stands behind those it needs
 */
public record Plan(List<Step> steps) {

    /** @throws IllegalArgumentException if two steps share an id or a step needs one that does not stand before it */
    public Plan {
        steps = List.copyOf(steps);
        Set<StepId> before = new HashSet<>();
        for (var step : steps) {
            for (var need : step.needs()) {
                if (!before.contains(need)) {
                    throw new IllegalArgumentException("step " + step.id() + " needs " + need + ", not before it");
                }
            }
            if (!before.add(step.id())) {
                throw new IllegalArgumentException("two steps have the id " + step.id());
            }
        }
    }

    /** Names this plan by its content: what an approver approves and every owner verifies. */
    public String digest() {
        return Digests.of(this);
    }

    /** Whether any step is {@code owner}'s. */
    public boolean involves(Owner owner) {
        return steps.stream().anyMatch(step -> step.owner() == owner);
    }

    /** What {@code owner} needs of this plan: its shape, and the inputs of its own steps. Its digest is another. */
    public Plan keptBy(Owner owner) {
        return new Plan(steps.stream()
                .map(step -> step.owner() == owner ? step : step.elsewhere())
                .toList());
    }

    public Optional<Step> step(StepId id) {
        return steps.stream().filter(step -> step.id().equals(id)).findFirst();
    }

    /** For each step, those that need it. */
    public Map<StepId, Set<StepId>> dependents() {
        Map<StepId, Set<StepId>> dependents = new HashMap<>();
        for (var step : steps) {
            for (var need : step.needs()) {
                dependents.computeIfAbsent(need, id -> new HashSet<>()).add(step.id());
            }
        }
        return dependents;
    }
}
