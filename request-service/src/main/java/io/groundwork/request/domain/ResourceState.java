package io.groundwork.request.domain;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Outcome;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestEvent.RequestSubmitted;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.request.domain.Planner.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What request-service remembers of a resource, beside the saga. Changed by its own events, and by what it learns from others'.
 *
 * @param sequence of the latest request that was started; never goes back
 * @param active the request under way
 * @param queue the requests that wait for it, in the order of arrival
 * @param standing what the resource consists of now
 * @param closed the latest {@value #REMEMBERED} requests that are over, oldest first: a repeated submission of one of them
 *     changes nothing
 */
public record ResourceState(
        long sequence,
        @Nullable Running active,
        List<Waiting> queue,
        @Nullable Standing standing,
        List<RequestId> closed) {

    /** Of a resource that was never met. */
    public static final ResourceState INITIAL = new ResourceState(0, null, List.of(), null, List.of());

    private static final int REMEMBERED = 64;

    public ResourceState {
        queue = List.copyOf(queue);
        closed = List.copyOf(closed);
    }

    /**
     * A request that has not started.
     *
     * @param told whether it was said that it queues
     */
    public record Waiting(RequestId request, Ask ask, Map<String, Catalogued> catalogued, boolean told) {
        public Waiting {
            catalogued = Collections.unmodifiableMap(new TreeMap<>(catalogued));
        }
    }

    /**
     * The request under way.
     *
     * @param price of what it deploys or takes down
     * @param made of what its servers are made, of a deployment
     * @param outputs by component, as far as they are known
     * @param turn why it goes backward: what came first
     * @param failures the latest of each step
     * @param left what abandoned steps, and waived ones of a decommission, may have left behind
     * @param raised what was said of steps and is not said again
     * @param pausing the steps whose delay does not turn the request
     */
    public record Running(
            RequestId request,
            long sequence,
            Ask ask,
            Instant startedAt,
            Price price,
            Map<String, Standing.Made> made,
            Map<String, ComponentOutputs> outputs,
            @Nullable Turn turn,
            Map<StepId, Failure> failures,
            List<String> left,
            Set<String> raised,
            List<StepId> pausing) {

        public Running {
            // a request that began before there were replacements
            made = made == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(made));
            outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
            failures = Collections.unmodifiableMap(new TreeMap<>(failures));
            left = List.copyOf(left);
            raised = Collections.unmodifiableSet(new TreeSet<>(raised));
            pausing = List.copyOf(pausing);
        }

        Running turned(Turn first) {
            return turn != null
                    ? this
                    : new Running(
                            request, sequence, ask, startedAt, price, made, outputs, first, failures, left, raised,
                            pausing);
        }

        Running failed(StepId step, Failure failure) {
            var more = new TreeMap<>(failures);
            more.put(step, failure);
            return new Running(
                    request, sequence, ask, startedAt, price, made, outputs, turn, more, left, raised, pausing);
        }

        Running provisioned(String component, ComponentOutputs stands) {
            var more = new TreeMap<>(outputs);
            more.put(component, stands);
            return new Running(
                    request, sequence, ask, startedAt, price, made, more, turn, failures, left, raised, pausing);
        }

        Running abandoned(List<String> things) {
            var more = new TreeSet<>(left);
            more.addAll(things);
            return new Running(
                    request,
                    sequence,
                    ask,
                    startedAt,
                    price,
                    made,
                    outputs,
                    turn,
                    failures,
                    List.copyOf(more),
                    raised,
                    pausing);
        }

        Running raised(String what) {
            var more = new TreeSet<>(raised);
            more.add(what);
            return new Running(
                    request, sequence, ask, startedAt, price, made, outputs, turn, failures, left, more, pausing);
        }
    }

    /**
     * Why a request goes backward.
     *
     * @param outcome how it ends, unless something of it is left
     * @param message one sentence for the requester
     */
    public record Turn(Outcome outcome, @Nullable FailureCategory category, String message) {}

    /** Whether {@code request} was accepted before. */
    boolean knows(RequestId request) {
        return isActive(request) || closed.contains(request) || waiting(request).isPresent();
    }

    boolean isActive(RequestId request) {
        return active != null && active.request().equals(request);
    }

    Optional<Waiting> waiting(RequestId request) {
        return queue.stream()
                .filter(waiting -> waiting.request().equals(request))
                .findFirst();
    }

    ResourceState submitted(RequestId request, RequestSubmitted event) {
        var more = new ArrayList<>(queue);
        more.add(new Waiting(request, event.ask(), event.catalogued(), false));
        return new ResourceState(sequence, active, more, standing, closed);
    }

    ResourceState queued(RequestId request) {
        return new ResourceState(
                sequence,
                active,
                queue.stream()
                        .map(waiting -> waiting.request().equals(request)
                                ? new Waiting(request, waiting.ask(), waiting.catalogued(), true)
                                : waiting)
                        .toList(),
                standing,
                closed);
    }

    ResourceState started(Fact fact, RequestStarted event) {
        var running = new Running(
                fact.request(),
                fact.sequence(),
                event.ask(),
                fact.time(),
                price(event.plan()),
                event.ask().operation() == RequestKind.DEPLOY ? Standing.Made.of(event.plan()) : Map.of(),
                Map.of(),
                null,
                Map.of(),
                List.of(),
                Set.of(),
                event.plan().steps().stream()
                        .filter(step -> step.onFailure() == Step.OnFailure.PAUSE)
                        .map(Step::id)
                        .toList());
        return new ResourceState(fact.sequence(), running, without(fact.request()), standing, closed);
    }

    ResourceState closed(RequestId request, RequestClosed event) {
        var over = new ArrayList<>(closed);
        over.add(request);
        var remembered = over.subList(Math.max(0, over.size() - REMEMBERED), over.size());
        return active != null && isActive(request)
                ? new ResourceState(sequence, null, queue, left(active, event), remembered)
                : new ResourceState(sequence, active, without(request), standing, remembered);
    }

    /** With the active request changed, if {@code fact} is about it. */
    ResourceState running(Fact fact, UnaryOperator<Running> change) {
        return active != null && isActive(fact.request()) && active.sequence() == fact.sequence()
                ? new ResourceState(sequence, change.apply(active), queue, standing, closed)
                : this;
    }

    /** What stands after the end of {@code running}. */
    private @Nullable Standing left(Running running, RequestClosed event) {
        return switch (event.outcome()) {
            case COMPLETED ->
                switch (event.operation()) {
                    case DEPLOY ->
                        new Standing(
                                running.ask().design(),
                                event.outputs(),
                                running.price(),
                                running.made(),
                                false,
                                Set.of());
                    // an operator went on without a step: the next decommission looks for everything again
                    case DECOMMISSION ->
                        running.left().isEmpty() && event.outputs().isEmpty() ? null : tainted(running, event);
                    case REPLACE -> replaced(running, event);
                };
            case TAINTED ->
                event.operation() == RequestKind.REPLACE ? replaced(running, event) : tainted(running, event);
            case REJECTED, EXPIRED, CANCELED, FAILED -> standing;
        };
    }

    /** An instance has another server; or none any more, if it was given up before there was one. */
    private @Nullable Standing replaced(Running running, RequestClosed event) {
        var replace = running.ask().replace();
        return standing == null || replace == null
                ? standing
                : standing.replaced(
                        replace,
                        event.outcome() == Outcome.COMPLETED
                                && running.outputs().containsKey(replace.component()),
                        event.outputs());
    }

    private Standing tainted(Running running, RequestClosed event) {
        return Standing.tainted(
                event.operation() == RequestKind.DEPLOY ? null : standing,
                running.ask().design(),
                event.outputs(),
                running.price());
    }

    private List<Waiting> without(RequestId request) {
        return queue.stream()
                .filter(waiting -> !waiting.request().equals(request))
                .toList();
    }

    private static Price price(Plan plan) {
        return plan.steps().stream()
                .map(Step::input)
                .filter(StepInput.Approve.class::isInstance)
                .map(StepInput.Approve.class::cast)
                .map(approve -> new Price(approve.monthlyPrice(), approve.currency()))
                .findFirst()
                .orElse(Price.NONE);
    }
}
