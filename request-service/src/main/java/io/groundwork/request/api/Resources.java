package io.groundwork.request.api;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.request.api.Documents.Instance;
import io.groundwork.request.api.Documents.Resource;
import io.groundwork.request.api.Documents.Standing;
import io.groundwork.request.view.RequestRows;
import io.groundwork.request.view.RequestView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What stands of a resource, read from the requests that changed it. */
@ApplicationScoped
public class Resources {

    private final RequestRows rows;

    @Inject
    public Resources(RequestRows rows) {
        this.rows = rows;
    }

    /** A resource; empty if nothing was ever asked of it. */
    Optional<Resource> find(ResourceId resource) {
        if (!rows.met(resource)) {
            return Optional.empty();
        }
        var stands = stands(resource);
        return Optional.of(new Resource(
                resource,
                stands.state(),
                stands.design(),
                stands.outputs(),
                instances(resource, stands.outputs()),
                rows.active(resource).map(row -> row.id).orElse(null),
                rows.queue(resource).stream().map(row -> row.id).toList()));
    }

    /** What stands: the outcome of the latest request that changed anything. */
    Stands stands(ResourceId resource) {
        var latest = rows.latest(resource).map(row -> row.view());
        var closed = latest.map(RequestView::closed);
        if (closed.isEmpty()) {
            return Stands.NOTHING;
        }
        var tainted = latest.filter(RequestView::taints).isPresent();
        if (closed.get().operation() == RequestKind.DECOMMISSION && !tainted) {
            return Stands.NOTHING;
        }
        var deployment = rows.latestDeployment(resource).map(row -> row.view());
        var design = deployment.map(RequestView::ask).map(ask -> ask.design()).orElse(Design.EMPTY);
        return new Stands(
                tainted ? Standing.TAINTED : Standing.DEPLOYED,
                design,
                whole(
                        closed.get().outputs(),
                        deployment.map(RequestView::outputs).orElse(Map.of())),
                deployment.orElse(null));
    }

    /** What a resource consists of, and the request that made it so. */
    record Stands(
            Standing state,
            @Nullable Design design,
            Map<String, ComponentOutputs> outputs,
            @Nullable RequestView deployment) {
        static final Stands NOTHING = new Stands(Standing.NONE, null, Map.of(), null);
    }

    /** An end names machines as far as its record holds them; what was said of each component before names all. */
    static Map<String, ComponentOutputs> whole(Map<String, ComponentOutputs> left, Map<String, ComponentOutputs> made) {
        var whole = new TreeMap<>(left);
        whole.replaceAll((component, outputs) -> made.getOrDefault(component, outputs));
        return whole;
    }

    private static List<Instance> instances(ResourceId resource, Map<String, ComponentOutputs> outputs) {
        var instances = new ArrayList<Instance>();
        outputs.forEach((component, made) -> made.instances()
                .forEach(instance -> instances.add(new Instance(
                        resource + "/" + component + "/" + instance.index(),
                        component,
                        instance.index(),
                        instance.providerId(),
                        Optional.ofNullable(instance.privateIp()).stream().toList(),
                        "running"))));
        return instances;
    }
}
