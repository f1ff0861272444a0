package io.groundwork.request.api;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepInput;
import io.groundwork.request.api.Documents.Instance;
import io.groundwork.request.api.Documents.InstanceHistory;
import io.groundwork.request.api.Documents.Resource;
import io.groundwork.request.domain.Planner.Price;
import io.groundwork.request.domain.Standing;
import io.groundwork.request.view.RequestRow;
import io.groundwork.request.view.RequestRows;
import io.groundwork.request.view.RequestView;
import io.groundwork.saga.Active;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What stands of a resource, read from the requests that changed it. */
@ApplicationScoped
public class Resources implements Standings {

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

    /**
     * One instance with all that ever stood behind it; empty if nothing ever did.
     *
     * @param index from 0
     */
    Optional<InstanceHistory> instance(ResourceId resource, String component, int index) {
        var stays = Stays.of(
                        rows.changes(resource, 0).stream().map(RequestRow::view).toList())
                .of(component, index);
        if (stays.isEmpty()) {
            return Optional.empty();
        }
        var stands = stands(resource);
        var now = instances(resource, stands.outputs()).stream()
                .filter(one -> one.component().equals(component) && one.index() == index)
                .findFirst();
        return Optional.of(new InstanceHistory(
                name(resource, component, index),
                component,
                index,
                now.map(Instance::providerId).orElse(null),
                now.map(Instance::addresses).orElse(List.of()),
                now.map(Instance::state).orElse(null),
                stands.design() == null ? Map.of() : stands.design().labels(),
                stays));
    }

    @Override
    public boolean busy(ResourceId resource) {
        return rows.active(resource).isPresent() || !rows.queue(resource).isEmpty();
    }

    /** What stands: the outcome of the latest request that changed anything. */
    @Override
    public Stands stands(ResourceId resource) {
        var latest = rows.latest(resource).map(row -> row.view());
        var closed = latest.map(RequestView::closed);
        if (closed.isEmpty()) {
            return Stands.NOTHING;
        }
        var tainted = latest.filter(RequestView::taints).isPresent();
        if (closed.get().operation() == RequestKind.DECOMMISSION && !tainted) {
            return Stands.NOTHING;
        }
        var deployed = rows.latestDeployment(resource);
        var deployment = deployed.map(RequestRow::view);
        // replacements have changed what the deployment made
        var since = Stays.of(deployed.map(row -> rows.changes(resource, row.sequence - 1)).stream()
                .flatMap(List::stream)
                .map(RequestRow::view)
                .toList());
        var design = deployment.map(RequestView::ask).map(ask -> ask.design()).orElse(Design.EMPTY);
        return new Stands(
                tainted || since.lacks() ? Documents.Standing.TAINTED : Documents.Standing.DEPLOYED,
                design,
                whole(closed.get().outputs(), since.outputs()),
                deployment.orElse(null));
    }

    /** What a resource consists of, and the request that made it so. */
    record Stands(
            Documents.Standing state,
            @Nullable Design design,
            Map<String, ComponentOutputs> outputs,
            @Nullable RequestView deployment) {
        static final Stands NOTHING = new Stands(Documents.Standing.NONE, null, Map.of(), null);

        /** As the service that decides knows it; empty if nothing stands. */
        Optional<Standing> standing() {
            return design == null
                    ? Optional.empty()
                    : Optional.of(new Standing(design, outputs, price(), made(), false, Set.of()));
        }

        /** What it all costs, as its deployment was approved. */
        Price price() {
            return plan().map(plan -> plan.steps().getFirst().input())
                    .filter(StepInput.Approve.class::isInstance)
                    .map(StepInput.Approve.class::cast)
                    .map(approve -> new Price(approve.monthlyPrice(), approve.currency()))
                    .orElse(Price.NONE);
        }

        private Map<String, Standing.Made> made() {
            return plan().map(Standing.Made::of).orElse(Map.of());
        }

        private Optional<Plan> plan() {
            return Optional.ofNullable(deployment)
                    .flatMap(request -> Optional.ofNullable(request.saga().active()))
                    .map(Active::plan);
        }
    }

    /** An end names machines as far as its record holds them; what was said of each component before names all. */
    static Map<String, ComponentOutputs> whole(Map<String, ComponentOutputs> left, Map<String, ComponentOutputs> made) {
        var whole = new TreeMap<>(left);
        whole.replaceAll((component, outputs) -> made.getOrDefault(component, outputs));
        return whole;
    }

    private static String name(ResourceId resource, String component, int index) {
        return resource + "/" + component + "/" + index;
    }

    private static List<Instance> instances(ResourceId resource, Map<String, ComponentOutputs> outputs) {
        var instances = new ArrayList<Instance>();
        outputs.forEach((component, made) -> made.instances()
                .forEach(instance -> instances.add(new Instance(
                        name(resource, component, instance.index()),
                        component,
                        instance.index(),
                        instance.providerId(),
                        Optional.ofNullable(instance.privateIp()).stream().toList(),
                        "running"))));
        return instances;
    }
}
