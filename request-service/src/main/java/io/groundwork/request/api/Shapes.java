package io.groundwork.request.api;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.DiscriminatorMapping;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Bodies as the OpenAPI document describes them. {@link Form} reads them field by field, so that all faults are told at once. */
final class Shapes {

    @Schema(name = "Ask")
    record Ask(
            @Schema(
                    required = true,
                    enumeration = {"deploy", "decommission", "replace"})
            String operation,

            @Schema(required = true, description = "tenant/project/name")
            String resource,

            @Schema(required = true, maxItems = 100, description = "mail addresses")
            List<String> approvers,

            @Schema(defaultValue = "1", minimum = "1", maximum = "100")
            int quorum,

            @Schema(defaultValue = "PT2M", description = "ISO-8601, from PT5S to P30D")
            String approvalTimeout,

            @Schema(
                    defaultValue = "queue",
                    enumeration = {"queue", "reject"})
            String onConflict,

            @Schema(
                    defaultValue = "fail",
                    enumeration = {"fail", "wait"},
                    description = "what becomes of a deploy or replace for which too few servers or addresses are free")
            String onNoCapacity,

            @Schema(description = "ISO-8601, from PT5S to P30D: how long it waits for them")
            String capacityTimeout,

            @Schema(name = "notify", maxItems = 100) List<Recipient> recipients,

            @Schema(maxItems = 100, description = "of a deploy; 2,000 instances at most")
            List<Component> components,

            @Schema(maxItems = 100, description = "of a deploy")
            List<Access> access,

            @Schema(description = "of a replace: the instance that gets another server")
            Replace replace,

            Map<String, String> labels) {}

    @Schema(
            name = "Replace",
            description = "One instance of a metal.server that stands. It keeps its name, addresses and labels; what is"
                    + " on the old server's disks is lost.")
    record Replace(
            @Schema(required = true, description = "of type metal.server")
            String component,

            @Schema(required = true, minimum = "0") int index,

            @Schema(maxLength = 2000, description = "for the approver, and for the instance's history")
            String reason,

            @Schema(description = "ids; taken first where they can be; the component's own when absent")
            List<String> preferredServers) {}

    @Schema(
            name = "Recipient",
            description = "Either email or webhook. A webhook's URL may carry a token in its path or query: it is kept"
                    + " sealed, and shown as scheme and host alone.")
    record Recipient(String email, String webhook) {}

    @Schema(
            name = "Component",
            oneOf = {CloudVm.class, MetalServer.class},
            discriminatorProperty = "type",
            discriminatorMapping = {
                @DiscriminatorMapping(value = "cloud.vm", schema = CloudVm.class),
                @DiscriminatorMapping(value = "metal.server", schema = MetalServer.class)
            })
    interface Component {}

    @Schema(name = "CloudVm", description = "Equal virtual machines in a cloud.")
    record CloudVm(
            @Schema(required = true) String name,

            @Schema(required = true, enumeration = "cloud.vm")
            String type,

            @Schema(required = true, minimum = "1", maximum = "500")
            int count,

            @Schema(description = "names of components that must stand before")
            List<String> dependsOn,

            @Schema(required = true) String flavor,
            @Schema(required = true) String image,
            @Schema(minimum = "1", maximum = "16384") Integer bootVolumeGiB,
            List<String> networks,
            List<SecurityGroup> securityGroups,
            SshKey sshKey,

            @Schema(
                    description = "16 KiB at most; ${<component>.instances[<i>].privateIp}, or providerId, of a"
                            + " component in dependsOn becomes what that instance got")
            String userData)
            implements Component {}

    @Schema(
            name = "MetalServer",
            description = "Servers of one type at one site, each installed with the same operating system.")
    record MetalServer(
            @Schema(required = true) String name,

            @Schema(required = true, enumeration = "metal.server")
            String type,

            @Schema(required = true, minimum = "1", maximum = "500")
            int count,

            @Schema(minimum = "1", description = "how few are enough; count when absent")
            Integer minCount,

            @Schema(description = "names of components that must stand before")
            List<String> dependsOn,

            @Schema(required = true, description = "of the catalogue")
            String site,

            @Schema(required = true, description = "of the catalogue; with the site it names the pool")
            String serverType,

            @Schema(description = "ids; taken first where they can be, and others without an error where not")
            List<String> preferredServers,

            @Schema(description = "what every server must have, of its own or by its type")
            List<String> requiredTraits,

            @Schema(description = "what no server may have") List<String> forbiddenTraits,

            @Schema(enumeration = "rack", description = "spread as evenly as what is free allows")
            String spread,

            @Schema(enumeration = "rack", description = "of what no two servers may share one")
            String antiAffinity,

            @Schema(required = true, description = "of the catalogue")
            String osTemplate,

            @Schema(description = "of the catalogue; the first is the primary one")
            List<String> networks,

            SshKey sshKey,

            @Schema(
                    description = "64 KiB at most; ${<component>.instances[<i>].privateIp}, or providerId, of a"
                            + " component in dependsOn becomes what that instance got")
            String userData,

            @Schema(defaultValue = "false", description = "whether disks that still hold data may be wiped")
            boolean allowDataLoss,

            Shutdown shutdown)
            implements Component {}

    @Schema(name = "Shutdown", description = "How servers are switched off when they are given back.")
    record Shutdown(
            @Schema(
                    description =
                            "ISO-8601, from PT0S to PT20M: how long a system may take to shut down after it was asked"
                                    + " to; PT0S: it is not asked. Absent: 3 minutes, unless set otherwise where it runs")
            String timeout,

            @Schema(
                    defaultValue = "true",
                    description = "whether power is cut afterwards; else the step gets stuck and an operator decides")
            Boolean force) {}

    @Schema(name = "SecurityGroup")
    record SecurityGroup(@Schema(required = true) String name, List<Ingress> ingress) {}

    @Schema(name = "Ingress")
    record Ingress(
            @Schema(
                    required = true,
                    enumeration = {"tcp", "udp", "icmp"})
            String protocol,

            @Schema(description = "required but for icmp", minimum = "1", maximum = "65535")
            Integer port,

            @Schema(required = true) String cidr) {}

    @Schema(name = "SshKey")
    record SshKey(
            @Schema(required = true) String name,

            @Schema(required = true, description = "one line of OpenSSH")
            String publicKey) {}

    @Schema(name = "Access")
    record Access(
            @Schema(required = true) String group,
            @Schema(required = true) String role) {}

    @Schema(name = "Cancel")
    record Cancel(@Schema(required = true, maxLength = 2000) String reason) {}

    @Schema(name = "Intervene")
    record Intervene(
            @Schema(required = true) String step,

            @Schema(
                    required = true,
                    enumeration = {"retry", "skip", "abandon", "abort"})
            String action,

            @Schema(required = true, maxLength = 2000) String reason) {}

    private Shapes() {}
}
