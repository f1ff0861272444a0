package io.groundwork.request.api;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.ComponentOutputs.Instance;
import io.groundwork.events.Outcome;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.request.api.Documents.Stay;
import io.groundwork.request.domain.Standing;
import io.groundwork.request.view.RequestView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What stood behind the instances of a resource, told by the requests that changed it, one after the other. So it is the same however
 * often the view is made anew.
 */
final class Stays {

    private final Map<String, List<Stay>> stays = new TreeMap<>();
    private final TreeSet<String> lacking = new TreeSet<>();
    private Map<String, ComponentOutputs> outputs = Map.of();

    /** @param changes ended requests that changed what stands, in their order */
    static Stays of(List<RequestView> changes) {
        var all = new Stays();
        changes.forEach(all::add);
        return all;
    }

    /** What the requests have made that still stands, with every machine named. */
    Map<String, ComponentOutputs> outputs() {
        return outputs;
    }

    /** Whether there is an instance that lost its server and got no other. */
    boolean lacks() {
        return !lacking.isEmpty();
    }

    /** Of one instance, the latest first. */
    List<Stay> of(String component, int index) {
        return stays.getOrDefault(name(component, index), List.of()).reversed();
    }

    private void add(RequestView view) {
        var closed = view.closed();
        var ask = view.ask();
        if (closed == null || ask == null) {
            return;
        }
        switch (closed.operation()) {
            case DEPLOY -> {
                stays.keySet().forEach(name -> end(name, closed.closedAt(), view.id(), null));
                lacking.clear();
                outputs = view.outputs();
                // of one that was undone, what could not be
                outputs.forEach((component, made) -> {
                    if (closed.outputs().containsKey(component)) {
                        made.instances().forEach(instance -> begin(view, component, instance, closed));
                    }
                });
            }
            case DECOMMISSION -> {
                stays.keySet().forEach(name -> {
                    var down = StepId.of(StepKind.DEPROVISION, name.substring(0, name.lastIndexOf('-')));
                    if (status(view, down) == StepStatus.DONE) {
                        end(name, at(view, down, closed), view.id(), null);
                    }
                });
                lacking.clear();
                outputs = view.taints() ? closed.outputs() : Map.of();
            }
            case REPLACE -> {
                var replace = ask.replace();
                if (replace != null) {
                    replaced(view, replace, closed);
                }
            }
        }
    }

    private void replaced(RequestView view, Replacement replace, RequestClosed closed) {
        var component = replace.component();
        var down = StepId.of(StepKind.DEPROVISION, component);
        var status = status(view, down);
        if (status == StepStatus.DONE || status == StepStatus.WAIVED) {
            end(replace.name(), at(view, down, closed), view.id(), replace.reason());
            outputs = Standing.without(outputs, component, replace.index());
        }
        var made =
                Optional.ofNullable(view.outputs().get(component)).filter(any -> closed.outcome() == Outcome.COMPLETED);
        if (made.isPresent()) {
            var merged = new TreeMap<>(outputs);
            merged.put(component, made.get());
            outputs = merged;
            lacking.remove(replace.name());
            made.get().instances().stream()
                    .filter(instance -> instance.index() == replace.index())
                    .forEach(instance -> begin(view, component, instance, closed));
        } else {
            lacking.add(replace.name());
        }
    }

    private void begin(RequestView view, String component, Instance instance, RequestClosed closed) {
        stays.computeIfAbsent(name(component, instance.index()), any -> new ArrayList<>())
                .add(new Stay(
                        instance.providerId(),
                        Optional.ofNullable(instance.privateIp()).stream().toList(),
                        at(view, StepId.of(StepKind.PROVISION, component), closed),
                        view.id(),
                        null,
                        null,
                        null));
    }

    private void end(String name, Instant at, RequestId by, @Nullable String reason) {
        var all = stays.getOrDefault(name, List.of());
        if (!all.isEmpty() && all.getLast().until() == null) {
            var last = all.getLast();
            all.set(
                    all.size() - 1,
                    new Stay(last.providerId(), last.addresses(), last.since(), last.request(), at, by, reason));
        }
    }

    private static Instant at(RequestView view, StepId step, RequestClosed closed) {
        var at = view.notes(step).at();
        return at == null ? closed.closedAt() : at;
    }

    private static StepStatus status(RequestView view, StepId step) {
        var active = view.saga().active();
        return active == null ? StepStatus.WAITING : active.state(step).status();
    }

    private static String name(String component, int index) {
        return component + "-" + index;
    }
}
