package io.groundwork.request.api;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Bodies as the OpenAPI document describes them. {@link Form} reads them field by field, so that all faults are told at once. */
final class Shapes {

    @Schema(name = "Ask")
    record Ask(
            @Schema(
                    required = true,
                    enumeration = {"deploy", "decommission"})
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

            @Schema(name = "notify", maxItems = 100) List<Recipient> recipients,

            @Schema(maxItems = 100, description = "of a deploy; 2,000 instances at most")
            List<Component> components,

            @Schema(maxItems = 100, description = "of a deploy")
            List<Access> access,

            Map<String, String> labels) {}

    @Schema(name = "Recipient", description = "Either email or webhook.")
    record Recipient(String email, String webhook) {}

    @Schema(name = "Component")
    record Component(
            @Schema(required = true) String name,

            @Schema(required = true, enumeration = "cloud.vm")
            String type,

            @Schema(required = true, minimum = "1", maximum = "500")
            int count,

            List<String> dependsOn,
            @Schema(required = true) String flavor,
            @Schema(required = true) String image,
            @Schema(minimum = "1", maximum = "16384") Integer bootVolumeGiB,
            List<String> networks,
            List<SecurityGroup> securityGroups,
            SshKey sshKey,
            @Schema(description = "16 KiB at most") String userData) {}

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
