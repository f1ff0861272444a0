package io.groundwork.cloud.domain;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.cloud.domain.Ec2Spec.Access;
import io.groundwork.cloud.domain.Ec2Spec.AccessOutputs;
import io.groundwork.cloud.domain.Ec2Spec.Launch;
import io.groundwork.cloud.domain.Ec2Spec.Machine;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.CloudProvisionerEvent;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepInput.Installation;
import io.groundwork.events.StepInput.MachineType;
import io.groundwork.runtime.component.Asked;
import io.groundwork.runtime.component.ComponentParticipant;
import io.groundwork.runtime.component.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Components of type {@code cloud.vm}: an operation for each machine, behind one for their security groups and key pair. */
public final class CloudParticipant extends ComponentParticipant<CloudProvisionerEvent> {

    public CloudParticipant() {
        super(Owner.CLOUD, CloudProvisionerEvent.class);
    }

    @Override
    protected Beginning begin(Asked asked, StepInput.Provision input) {
        return asked.placement() == null
                ? new Beginning.Refused(
                        Failure.permanent(FailureCategory.VALIDATION, "No region and profile were chosen."))
                : new Beginning.Begun(input.component().count(), asked.placement());
    }

    @Override
    protected boolean shares(StepInput.Provision input) {
        var vm = vm(input.component());
        return !vm.securityGroups().isEmpty() || vm.sshKey() != null;
    }

    @Override
    protected Task sharing(Asked asked, StepInput.Provision input) {
        var vm = vm(input.component());
        return task(new Access(placement(asked), asked.component(), vm.securityGroups(), vm.sshKey()));
    }

    @Override
    protected Task unsharing(Asked asked) {
        return task(new Access(placement(asked), asked.component(), List.of(), null));
    }

    @Override
    protected Task making(Asked asked, StepInput.Provision input, int index, @Nullable JsonNode shared) {
        var vm = vm(input.component());
        var type = type(input.machine());
        var access = shared == null ? null : Json.MAPPER.convertValue(shared, AccessOutputs.class);
        var launch = new Launch(
                type.instanceType(),
                type.image(),
                vm.bootVolumeGiB(),
                access == null ? List.of() : access.groupIds(),
                access == null ? null : access.keyName(),
                userData(asked, vm));
        return task(new Machine(placement(asked), asked.component(), index, launch));
    }

    @Override
    protected Task unmaking(Asked asked, int index) {
        return task(new Machine(placement(asked), asked.component(), index, null));
    }

    @Override
    protected String sharedName(String component) {
        return "security groups and key pair of " + component;
    }

    private static Task task(Ec2Spec spec) {
        return Task.ofEngine(Owner.CLOUD, "ec2-" + spec.placement().region(), spec);
    }

    private static Choices placement(Asked asked) {
        if (asked.placement() == null) {
            throw new IllegalStateException(asked.component() + " was begun without a placement");
        }
        return asked.placement();
    }

    private static MachineType type(StepInput.Machine machine) {
        return switch (machine) {
            case MachineType type -> type;
            case Installation no -> throw new IllegalStateException("no machine of cloud-provisioner: " + no);
        };
    }

    private static CloudVm vm(Component component) {
        return switch (component) {
            case CloudVm vm -> vm;
            case MetalServer no ->
                throw new IllegalStateException("no component of cloud-provisioner: " + component.name());
        };
    }
}
