package io.groundwork.request.api;

import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.Failure;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepStatus;
import io.groundwork.request.view.RequestRow;
import io.groundwork.request.view.RequestState;
import io.groundwork.request.view.RequestView;
import io.groundwork.request.view.RequestView.Trouble;
import io.groundwork.request.view.RequestView.WaitingFor;
import io.groundwork.request.view.TimelineRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the REST answers. Absent values are {@code null}. */
public final class Documents {

    /** Where to go on from a request. */
    public record Links(String self, String timeline, String cancel, String interventions, String resource) {
        static Links of(RequestId request, ResourceId resource) {
            var self = "/v1/requests/" + request;
            return new Links(
                    self, self + "/timeline", self + "/cancel", self + "/interventions", "/v1/resources/" + resource);
        }
    }

    /**
     * A request was accepted.
     *
     * @param digest of the plan; absent until it started
     */
    public record Accepted(
            RequestId id,
            ResourceId resource,
            RequestState state,
            String designDigest,
            @Nullable String digest,
            Links links) {}

    /**
     * A request.
     *
     * @param checks what was looked at when it was accepted; empty until its submission was read
     */
    public record Request(
            RequestId id,
            ResourceId resource,
            @Nullable String operation,
            RequestState state,
            long version,
            long sequence,
            @Nullable String digest,
            @Nullable String requester,
            @Nullable WaitingFor waitingFor,
            List<Check> checks,
            List<Step> steps,
            List<Operation> operations,
            Map<String, ComponentOutputs> outputs,
            @Nullable Trouble error,
            @Nullable Instant createdAt,
            @Nullable Instant closedAt,
            Links links) {

        /** @param ahead the request under way on the resource */
        static Request of(RequestView view, Optional<UUID> ahead) {
            var ask = view.ask();
            var active = view.saga().active();
            var closed = view.closed();
            var steps = new ArrayList<Step>();
            var operations = new ArrayList<Operation>();
            if (active != null) {
                for (var step : active.plan().steps()) {
                    var state = active.state(step.id());
                    var notes = view.notes(step.id());
                    steps.add(new Step(
                            step.id().value(),
                            step.owner().service(),
                            state.status(),
                            state.attempt(),
                            notes.detail(),
                            trouble(notes.failure())));
                    notes.pending()
                            .forEach(pending ->
                                    operations.add(Operation.of(step.id().value(), pending)));
                }
            }
            view.deliveries().values().forEach(delivery -> operations.add(Operation.of(null, delivery)));
            return new Request(
                    view.id(),
                    view.resource(),
                    ask == null ? null : ask.operation().word(),
                    view.state(),
                    view.version(),
                    active == null ? 0 : active.sequence(),
                    active == null ? null : active.digest(),
                    ask == null ? null : ask.requester(),
                    view.waitingFor(ahead).orElse(null),
                    view.checks(),
                    steps,
                    operations,
                    closed == null ? view.outputs() : closed.outputs(),
                    view.error().orElse(null),
                    ask == null ? null : ask.acceptedAt(),
                    closed == null ? null : closed.closedAt(),
                    Links.of(view.id(), view.resource()));
        }
    }

    /** One step of a request's plan. */
    public record Step(
            String step,
            String owner,
            StepStatus status,
            int attempt,
            @Nullable String detail,
            @Nullable Trouble error) {}

    /**
     * An operation that has not reached its goal.
     *
     * @param step absent for a mail or a webhook, which no step waits for
     * @param instances names of machines or grants, or to whom the mail or webhook goes
     */
    public record Operation(
            String id,
            @Nullable String step,
            List<String> instances,
            int tries,
            @Nullable Trouble lastError,
            @Nullable String worker,
            long fence,
            @Nullable Instant nextTry,
            @Nullable String detail) {

        static Operation of(@Nullable String step, PendingOperation pending) {
            return new Operation(
                    pending.id(),
                    step,
                    pending.instances(),
                    pending.tries(),
                    trouble(pending.lastError()),
                    pending.worker(),
                    pending.fence(),
                    pending.nextTry(),
                    pending.detail());
        }
    }

    /** A page of requests, the newest first. */
    public record Requests(List<Summary> items, @Nullable String nextCursor) {}

    /** A request in a list. */
    public record Summary(
            UUID id,
            String resource,
            @Nullable String operation,
            RequestState state,
            long version,
            @Nullable String requester,
            @Nullable WaitingFor waitingFor,
            @Nullable Trouble error,
            @Nullable Instant createdAt,
            @Nullable Instant closedAt) {

        /** @param ahead the request under way on the resource */
        static Summary of(RequestRow row, Optional<UUID> ahead) {
            var view = row.view();
            return new Summary(
                    row.id,
                    row.resource,
                    row.operation,
                    row.state,
                    row.version,
                    row.requester,
                    view.waitingFor(ahead).orElse(null),
                    view.error().orElse(null),
                    row.createdAt,
                    row.closedAt);
        }
    }

    /** Everything that was said of a request. */
    public record Timeline(List<Line> items) {

        /** In the order of time; what happened in one millisecond in the order of owner and topic. */
        static Timeline of(List<TimelineRow> rows) {
            var ordered = rows.stream()
                    .sorted(Comparator.comparing((TimelineRow row) -> row.at)
                            .thenComparing(row -> Owner.of(row.owner))
                            .thenComparingLong(row -> row.place))
                    .toList();
            return new Timeline(Line.of(ordered));
        }
    }

    /**
     * One event.
     *
     * @param latencyMs since the event that it followed from; since the one before it, where that is not an event
     */
    public record Line(
            UUID id,
            Instant at,
            String type,
            @Nullable String step,
            int attempt,
            String actor,
            @Nullable String causationId,
            long latencyMs,
            String summary) {

        static List<Line> of(List<TimelineRow> rows) {
            var lines = new Lines();
            // an event may stand before its cause
            rows.forEach(lines::note);
            return rows.stream().map(lines::line).toList();
        }
    }

    /** Makes lines of rows, page by page. */
    static final class Lines {

        private final Map<String, Instant> times = new HashMap<>();
        private @Nullable Instant before;

        /** Takes note of when an event was, for those that follow from it. */
        void note(TimelineRow row) {
            times.put(row.event.toString(), row.at);
        }

        /** The line of the row behind that of the last call. */
        Line line(TimelineRow row) {
            var cause = row.causation == null ? null : times.get(row.causation);
            var since = cause == null ? before : cause;
            before = row.at;
            return new Line(
                    row.event,
                    row.at,
                    row.type,
                    row.step,
                    row.attempt,
                    row.actor,
                    row.causation,
                    since == null
                            ? 0
                            : Math.max(0, Duration.between(since, row.at).toMillis()),
                    row.summary);
        }
    }

    /** What stands, and what is asked of it. */
    public record Resource(
            ResourceId resource,
            Standing state,
            @Nullable Design design,
            Map<String, ComponentOutputs> outputs,
            List<Instance> instances,
            @Nullable UUID activeRequest,
            List<UUID> queue) {}

    /** Whether anything stands. */
    public enum Standing {
        NONE,
        DEPLOYED,
        TAINTED
    }

    /**
     * One machine, and what stood behind it.
     *
     * @param name of the instance, for ever
     * @param providerId of what stands behind it now; absent if nothing does
     * @param labels of the design
     * @param history what stood behind it, the latest first
     */
    public record InstanceHistory(
            String name,
            String component,
            int index,
            @Nullable String providerId,
            List<String> addresses,
            @Nullable String state,
            Map<String, String> labels,
            List<Stay> history) {}

    /**
     * What stood behind an instance for a time.
     *
     * @param since when it was there
     * @param request that put it there
     * @param until when it was taken down, or given up; absent while it stands
     * @param endedBy the request that did so
     * @param reason that the request gave
     */
    public record Stay(
            String providerId,
            List<String> addresses,
            Instant since,
            RequestId request,
            @Nullable Instant until,
            @Nullable RequestId endedBy,
            @Nullable String reason) {}

    /** One machine. */
    public record Instance(
            String name, String component, int index, String providerId, List<String> addresses, String state) {}

    /**
     * What a request would do.
     *
     * @param digest of the plan
     * @param monthlyPrice a decimal number as text
     */
    public record Planned(
            ResourceId resource,
            String operation,
            Plan plan,
            String digest,
            String designDigest,
            String monthlyPrice,
            String currency,
            List<Check> checks) {}

    /** A bare answer to a command. */
    public record Done(RequestId id, Links links) {}

    static @Nullable Trouble trouble(@Nullable Failure failure) {
        return failure == null ? null : new Trouble(failure.category(), failure.message());
    }

    private Documents() {}
}
