package io.groundwork.simulators.ec2;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is asked of and done to instances, once they are launched. */
final class InstanceActions {
    private InstanceActions() {}

    static void describe(Call call, Xml answer) {
        var page = Page.of(call.parameters(), selected(call, filters(call)), InstanceActions::key);
        var reservations = page.items().stream()
                .collect(Collectors.groupingBy(Instance::reservationId, LinkedHashMap::new, Collectors.toList()));
        answer.items(
                        "reservationSet",
                        reservations.values(),
                        (xml, instances) -> InstanceXml.reservation(xml, call, instances))
                .text("nextToken", page.nextToken());
    }

    static void describeStatus(Call call, Xml answer) {
        var all = call.parameters().flag("IncludeAllInstances");
        var shown = selected(call, statusFilters(call)).stream()
                .filter(instance -> all || instance.state(call.now()) == InstanceState.RUNNING)
                .toList();
        var page = Page.of(call.parameters(), shown, InstanceActions::key);
        answer.items("instanceStatusSet", page.items(), (xml, instance) -> {
                    var state = instance.state(call.now());
                    xml.text("instanceId", instance.id()).text("availabilityZone", instance.zone());
                    state.write(xml, "instanceState");
                    var status = state == InstanceState.RUNNING ? "ok" : "not-applicable";
                    for (var kind : List.of("systemStatus", "instanceStatus")) {
                        xml.nested(
                                kind,
                                summary -> summary.text("status", status)
                                        .items(
                                                "details",
                                                List.of(status),
                                                (detail, value) -> detail.text("name", "reachability")
                                                        .text("status", value.equals("ok") ? "passed" : value)));
                    }
                })
                .text("nextToken", page.nextToken());
    }

    static void describeAttribute(Call call, Xml answer) {
        var instance = named(call, call.parameters().required("InstanceId"));
        var attribute = call.parameters().required("Attribute");
        answer.text("instanceId", instance.id());
        switch (attribute) {
            case "userData" -> answer.nested("userData", value -> value.text("value", instance.userData()));
            case "instanceType" -> answer.nested("instanceType", value -> value.text("value", instance.instanceType()));
            case "disableApiTermination" -> answer.nested("disableApiTermination", value -> value.text("value", false));
            default -> throw Ec2Exception.invalidValue("attribute", attribute, "Unknown attribute.");
        }
    }

    static void terminate(Call call, Xml answer) {
        var ended = EnumSet.of(InstanceState.SHUTTING_DOWN, InstanceState.TERMINATED);
        move(
                call,
                answer,
                instance -> ended.contains(instance.state(call.now()))
                        ? instance
                        : instance.withLifecycle(Lifecycle.terminating(
                                call.now(),
                                call.settings().shutdownDelay(),
                                call.settings().terminatedVisible())));
    }

    static void stop(Call call, Xml answer) {
        move(call, answer, instance -> switch (instance.state(call.now())) {
            case RUNNING ->
                instance.withLifecycle(
                        Lifecycle.stopping(call.now(), call.settings().shutdownDelay()));
            case STOPPING, STOPPED -> instance;
            case PENDING, SHUTTING_DOWN, TERMINATED -> throw incorrectState(instance, "stopped");
        });
    }

    static void start(Call call, Xml answer) {
        move(call, answer, instance -> switch (instance.state(call.now())) {
            case STOPPED ->
                instance.startedAt(
                        call.now(),
                        Lifecycle.starting(call.now(), call.settings().launchDelay()));
            case PENDING, RUNNING -> instance;
            case STOPPING, SHUTTING_DOWN, TERMINATED -> throw incorrectState(instance, "started");
        });
    }

    /** Moves all of the instances or, if one is unknown or cannot move, none. */
    private static void move(Call call, Xml answer, Function<Instance, Instance> move) {
        if (call.parameters().list("InstanceId").isEmpty()) {
            throw Ec2Exception.missing("InstanceId");
        }
        var before = named(call);
        var after = before.stream().map(move).toList();
        var changed = new LinkedHashSet<>(after);
        changed.removeAll(new LinkedHashSet<>(before));
        call.region().commit(changed, List.of());
        answer.items("instancesSet", before, (xml, instance) -> {
            var now = call.region().instance(instance.id()).orElse(instance);
            xml.text("instanceId", instance.id());
            now.state(call.now()).write(xml, "currentState");
            instance.state(call.now()).write(xml, "previousState");
        });
    }

    private static Ec2Exception incorrectState(Instance instance, String wanted) {
        return new Ec2Exception(
                "IncorrectInstanceState",
                "The instance '" + instance.id() + "' is not in a state from which it can be " + wanted + ".");
    }

    /** The instances that a Describe call asks for, in the order of their launch. */
    private static List<Instance> selected(Call call, Map<String, Function<Instance, Collection<String>>> filters) {
        var named = !call.parameters().list("InstanceId").isEmpty();
        if (named && call.parameters().string("MaxResults").isPresent()) {
            throw new Ec2Exception(
                    "InvalidParameterCombination",
                    "The parameter instancesSet cannot be used with the parameter maxResults");
        }
        var candidates = named
                ? named(call)
                : call.region().instances().stream()
                        .filter(instance -> instance.isVisible(call.now()))
                        .toList();
        return Filters.of(call.parameters()).selectTagged(candidates, filters);
    }

    /** The instances of {@code InstanceId.N}; all must be known. */
    private static List<Instance> named(Call call) {
        var ids = new LinkedHashSet<>(call.parameters().list("InstanceId"));
        var unknown = new ArrayList<String>();
        var found = new ArrayList<Instance>();
        for (var id : ids) {
            checkForm(id);
            call.region()
                    .instance(id)
                    .filter(instance -> instance.isVisible(call.now()))
                    .ifPresentOrElse(found::add, () -> unknown.add(id));
        }
        if (!unknown.isEmpty()) {
            throw notFound(unknown);
        }
        return found;
    }

    private static Instance named(Call call, String id) {
        checkForm(id);
        return call.region()
                .instance(id)
                .filter(instance -> instance.isVisible(call.now()))
                .orElseThrow(() -> notFound(List.of(id)));
    }

    private static void checkForm(String id) {
        if (!id.matches("i-[0-9a-f]{8}([0-9a-f]{9})?")) {
            throw new Ec2Exception("InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\" (expecting \"i-...\")");
        }
    }

    private static Ec2Exception notFound(List<String> ids) {
        return new Ec2Exception(
                "InvalidInstanceID.NotFound",
                ids.size() == 1
                        ? "The instance ID '" + ids.get(0) + "' does not exist"
                        : "The instance IDs '" + String.join(", ", ids) + "' do not exist");
    }

    private static String key(Instance instance) {
        return String.format("%019d", instance.sequence());
    }

    private static Map<String, Function<Instance, Collection<String>>> filters(Call call) {
        var now = call.now();
        var network = call.region().network();
        return Map.ofEntries(
                entry("instance-id", instance -> List.of(instance.id())),
                entry("image-id", instance -> List.of(instance.imageId())),
                entry("instance-type", instance -> List.of(instance.instanceType())),
                entry(
                        "instance-state-name",
                        instance -> List.of(instance.state(now).wireName())),
                entry(
                        "instance-state-code",
                        instance -> List.of(Integer.toString(instance.state(now).code()))),
                entry("client-token", instance -> Filters.optional(instance.clientToken())),
                entry("key-name", instance -> Filters.optional(instance.keyName())),
                entry("reservation-id", instance -> List.of(instance.reservationId())),
                entry("owner-id", instance -> List.of(call.identity().account())),
                entry("launch-time", instance -> List.of(Xml.time(instance.launchTime()))),
                entry("availability-zone", instance -> List.of(instance.zone())),
                entry("architecture", instance -> List.of("x86_64")),
                entry("subnet-id", unlessTerminated(now, instance -> List.of(instance.subnetId()))),
                entry("vpc-id", unlessTerminated(now, instance -> List.of(network.vpcId()))),
                entry("private-ip-address", unlessTerminated(now, instance -> List.of(instance.privateIp()))),
                entry(
                        "private-dns-name",
                        unlessTerminated(now, instance -> List.of(network.dnsName(instance.privateIp())))),
                entry("instance.group-id", unlessTerminated(now, Instance::groupIds)),
                entry("instance.group-name", unlessTerminated(now, instance -> groupNames(call, instance))));
    }

    private static Map<String, Function<Instance, Collection<String>>> statusFilters(Call call) {
        var all = new HashMap<>(filters(call));
        all.keySet().retainAll(Set.of("availability-zone", "instance-state-name", "instance-state-code"));
        return all;
    }

    /** A terminated instance has given its network back, so the filters about that do not find it. */
    private static Function<Instance, Collection<String>> unlessTerminated(
            Instant now, Function<Instance, Collection<String>> values) {
        return instance -> instance.isTerminated(now) ? List.of() : values.apply(instance);
    }

    private static Map.Entry<String, Function<Instance, Collection<String>>> entry(
            String name, Function<Instance, Collection<String>> values) {
        return Map.entry(name, values);
    }

    private static List<String> groupNames(Call call, Instance instance) {
        return instance.groupIds().stream()
                .flatMap(id -> call.region().group(id).stream())
                .map(SecurityGroup::name)
                .toList();
    }
}
