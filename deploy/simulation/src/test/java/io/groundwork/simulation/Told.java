package io.groundwork.simulation;

import io.groundwork.events.Fact;
import io.groundwork.events.Owner;
import io.groundwork.events.Proof;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as its topic tells it. */
final class Told {
    final String id;
    final String resource;
    final Ask ask;

    @Nullable
    RequestStarted started;

    @Nullable
    String digest;

    @Nullable
    Proof proof;

    @Nullable
    RequestClosed closed;
    /** Somebody decided to leave something behind, so what is left is not known exactly. */
    boolean left;

    @Nullable
    Instant wait;

    int completions;

    private final Map<StepId, StepStatus> steps = new HashMap<>();

    /** How far a step has come, by its owner's word. */
    StepStatus status(StepId step) {
        return steps.getOrDefault(step, StepStatus.WAITING);
    }

    Told(String id, String resource, Ask ask) {
        this.id = id;
        this.resource = resource;
        this.ask = ask;
    }

    /** The kind of step and the status that {@code fact} found it in, and what it says. */
    String after(Fact fact) {
        var step = fact.step();
        if (step == null) {
            return (closed == null ? "active " : "closed ") + fact.type();
        }
        var kind = step.value().replaceAll(":.*", "");
        var before = steps.getOrDefault(step, StepStatus.WAITING);
        if (fact.status() != null && fact.owner() != Owner.REQUEST) {
            steps.put(step, fact.status());
        }
        return kind + " " + before.word() + " " + fact.type();
    }
}
