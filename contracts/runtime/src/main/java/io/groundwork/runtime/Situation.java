package io.groundwork.runtime;

import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Owner;
import io.groundwork.events.ResourceId;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.groundwork.saga.Saga;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a decision may depend on.
 *
 * @param choices what the approver chose; present only once the approval's proof was verified against the plan, and absent too
 *     when nothing had to be chosen
 * @param approved whether nothing stands in the way of starting a step: false while the approval of the active request is still to
 *     be read, as its topic may be behind those of other steps
 * @param timers the resource's timers that are set, by name
 */
public record Situation<S>(
        ResourceId resource,
        S state,
        Saga saga,
        @Nullable Choices choices,
        boolean approved,
        Map<String, Instant> timers,
        Moment moment) {

    public Instant now() {
        return moment.now();
    }

    public Optional<Active> active() {
        return Optional.ofNullable(saga.active());
    }

    /** What {@code owner} has to do now. */
    public List<Due> due(Owner owner) {
        var due = saga.due(owner);
        return approved
                ? due
                : due.stream().filter(one -> one.action() != Due.Action.START).toList();
    }
}
