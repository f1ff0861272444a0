package io.groundwork.baremetal.domain;

import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Claim;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.runtime.testing.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the other services say around a component of servers called {@code db}. */
public final class Granted {

    private Granted() {}

    public static Message allocated(ResourceId resource, long sequence, long fence, List<String> servers) {
        var grants = List.of(
                new Grant(
                        "pool/ams1/m1.large",
                        fence,
                        IntStream.range(0, servers.size())
                                .mapToObj(index ->
                                        new AllocatedServer("db", index, servers.get(index), 4, "rack-1", null))
                                .toList(),
                        List.of(),
                        List.of()),
                new Grant(
                        "subnet/ams1-default",
                        3,
                        List.of(),
                        IntStream.range(0, servers.size())
                                .mapToObj(index -> new AllocatedAddress(
                                        "db",
                                        index,
                                        "default",
                                        "ams1-default",
                                        "10.20.0." + (11 + index),
                                        24,
                                        "10.20.0.1",
                                        List.of(),
                                        null))
                                .toList(),
                        List.of()));
        return Facts.fact(
                Owner.ALLOCATION,
                resource,
                sequence,
                StepId.of(StepKind.ALLOCATE),
                1,
                StepStatus.DONE,
                new ResourcesAllocated(
                        List.of(new Claim("pool/ams1/m1.large", Map.of("servers", (long) servers.size()))), grants));
    }

    /** One instance of those that stand gets another server. */
    public static Message another(ResourceId resource, long sequence, long fence, int index, String server) {
        return Facts.fact(
                Owner.ALLOCATION,
                resource,
                sequence,
                StepId.of(StepKind.ALLOCATE),
                1,
                StepStatus.DONE,
                new ResourcesAllocated(
                        List.of(new Claim("pool/ams1/m1.large", Map.of("servers", 1L))),
                        List.of(new Grant(
                                "pool/ams1/m1.large",
                                fence,
                                List.of(new AllocatedServer("db", index, server, 4, "rack-1", null)),
                                List.of(),
                                List.of()))));
    }

    /** The old server of an instance that got another one is given back. */
    public static Message returned(ResourceId resource, long sequence) {
        return Facts.fact(
                Owner.ALLOCATION,
                resource,
                sequence,
                StepId.of(StepKind.RELEASE),
                1,
                StepStatus.DONE,
                new ResourcesReleased(List.of(new Claim("pool/ams1/m1.large", Map.of("servers", 1L)))));
    }

    public static Message released(ResourceId resource, long sequence) {
        return Facts.fact(
                Owner.ALLOCATION,
                resource,
                sequence,
                StepId.of(StepKind.ALLOCATE),
                1,
                StepStatus.UNDONE,
                new ResourcesReleased(List.of()));
    }

    /** A component of a cloud stands, whose first machine has this address. */
    public static Message provisioned(ResourceId resource, long sequence, String component, String address) {
        return Facts.fact(
                Owner.CLOUD,
                resource,
                sequence,
                StepId.of(StepKind.PROVISION, component),
                1,
                StepStatus.DONE,
                new ComponentProvisioned(
                        component,
                        new ComponentOutputs(
                                1, List.of(new ComponentOutputs.Instance(0, "i-1", address, "eu-central-1")))));
    }

    public static Step provision(int count, @Nullable String userData) {
        return step(
                StepKind.PROVISION,
                Step.OnFailure.COMPENSATE,
                new StepInput.Provision(
                        new MetalServer(
                                "db",
                                count,
                                1,
                                List.of(),
                                "ams1",
                                "m1.large",
                                List.of(),
                                List.of(),
                                List.of(),
                                null,
                                null,
                                "debian-12",
                                List.of("default"),
                                null,
                                userData,
                                false,
                                new Shutdown(Duration.ofMinutes(5), false)),
                        new StepInput.Installation(new OsTemplate(
                                Boot.VIRTUAL_MEDIA,
                                "http://images/debian-12",
                                null,
                                null,
                                null,
                                null,
                                null,
                                false,
                                "Debian 12"))));
    }

    public static Step deprovision() {
        return step(StepKind.DEPROVISION, Step.OnFailure.PAUSE, new StepInput.Deprovision("db"));
    }

    /** What a replacement does of an instance: down with it, and up again elsewhere. */
    public static Step[] replacing(int index) {
        var provision = provision(3, null);
        var made = (StepInput.Provision) provision.input();
        var down = step(StepKind.DEPROVISION, Step.OnFailure.PAUSE, new StepInput.Deprovision("db", index));
        return new Step[] {
            down,
            new Step(
                    provision.id(),
                    provision.kind(),
                    provision.owner(),
                    List.of(down.id()),
                    Step.Undo.OWNER,
                    Step.OnFailure.PAUSE,
                    provision.timeout(),
                    new StepInput.Provision(made.component(), made.machine(), index))
        };
    }

    private static Step step(StepKind kind, Step.OnFailure onFailure, StepInput input) {
        return new Step(
                StepId.of(kind, "db"),
                kind,
                Owner.BAREMETAL,
                List.of(Facts.APPROVE),
                kind == StepKind.PROVISION ? Step.Undo.OWNER : Step.Undo.NONE,
                onFailure,
                Duration.ofHours(3),
                input);
    }
}
