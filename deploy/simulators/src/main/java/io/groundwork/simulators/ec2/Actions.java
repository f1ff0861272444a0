package io.groundwork.simulators.ec2;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Every action there is, by its name on the wire. */
final class Actions {
    /** Those that need capacity, and so can be out of it. */
    static final Set<String> NEEDING_CAPACITY = Set.of("RunInstances", "StartInstances");

    /** The service that an action belongs to; the two differ in the form of their answers. */
    enum Service {
        EC2,
        STS
    }

    /** Carries a call out and writes the elements of the answer. Throws {@link Ec2Exception} before it changed anything. */
    interface Action {
        void answer(Call call, Xml answer);
    }

    record Entry(Service service, Action action) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    Actions(Credentials credentials) {
        var sts = new StsActions(credentials);
        add(Service.STS, "AssumeRole", sts::assumeRole);
        add(Service.STS, "GetCallerIdentity", sts::getCallerIdentity);

        add(Service.EC2, "RunInstances", RunInstances::answer);
        add(Service.EC2, "DescribeInstances", InstanceActions::describe);
        add(Service.EC2, "DescribeInstanceStatus", InstanceActions::describeStatus);
        add(Service.EC2, "DescribeInstanceAttribute", InstanceActions::describeAttribute);
        add(Service.EC2, "StartInstances", InstanceActions::start);
        add(Service.EC2, "StopInstances", InstanceActions::stop);
        add(Service.EC2, "TerminateInstances", InstanceActions::terminate);

        add(Service.EC2, "DescribeVolumes", VolumeActions::describe);
        add(Service.EC2, "DeleteVolume", VolumeActions::delete);

        add(Service.EC2, "CreateTags", TagActions::create);
        add(Service.EC2, "DeleteTags", TagActions::delete);
        add(Service.EC2, "DescribeTags", TagActions::describe);

        add(Service.EC2, "CreateSecurityGroup", GroupActions::create);
        add(Service.EC2, "AuthorizeSecurityGroupIngress", GroupActions::authorizeIngress);
        add(Service.EC2, "DescribeSecurityGroups", GroupActions::describe);
        add(Service.EC2, "DeleteSecurityGroup", GroupActions::delete);

        add(Service.EC2, "ImportKeyPair", KeyPairActions::importKey);
        add(Service.EC2, "DescribeKeyPairs", KeyPairActions::describe);
        add(Service.EC2, "DeleteKeyPair", KeyPairActions::delete);

        add(Service.EC2, "DescribeRegions", CatalogueActions::describeRegions);
        add(Service.EC2, "DescribeAvailabilityZones", CatalogueActions::describeZones);
        add(Service.EC2, "DescribeVpcs", CatalogueActions::describeVpcs);
        add(Service.EC2, "DescribeSubnets", CatalogueActions::describeSubnets);
        add(Service.EC2, "DescribeImages", CatalogueActions::describeImages);
    }

    private void add(Service service, String name, Action action) {
        entries.put(name, new Entry(service, action));
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** @throws Ec2Exception if there is no such action */
    Entry named(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            throw new Ec2Exception("InvalidAction", "The action " + name + " is not valid for this web service.");
        }
        return entry;
    }
}
