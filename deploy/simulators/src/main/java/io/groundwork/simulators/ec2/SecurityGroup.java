package io.groundwork.simulators.ec2;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A set of ingress rules that instances can be in. Egress is open, as EC2 has it at first. */
record SecurityGroup(
        String id, String name, String description, String vpcId, List<Rule> ingress, Map<String, String> tags)
        implements Resource.Tagged {
    static final String DEFAULT_NAME = "default";

    /** Where traffic may come from. */
    enum SourceKind {
        CIDR,
        CIDR_V6,
        GROUP,
        PREFIX_LIST
    }

    /**
     * One protocol, one range of ports, one source.
     *
     * @param protocol {@code tcp}, {@code udp}, {@code icmp}, a number, or {@code -1} for all, which has no ports
     */
    record Rule(
            String id,
            String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            SourceKind sourceKind,
            String source,
            @Nullable String description) {

        /** Whether both let the same traffic in: what EC2 takes as a duplicate. */
        boolean isSameAs(Rule other) {
            return withoutIdentity().equals(other.withoutIdentity());
        }

        /** What rules have in common that are one permission with several sources. */
        Rule permission() {
            return new Rule("", protocol, fromPort, toPort, SourceKind.CIDR, "", null);
        }

        private Rule withoutIdentity() {
            return new Rule("", protocol, fromPort, toPort, sourceKind, source, null);
        }
    }

    @JsonIgnore
    boolean isDefault() {
        return name.equals(DEFAULT_NAME);
    }

    SecurityGroup withIngress(List<Rule> rules) {
        return new SecurityGroup(id, name, description, vpcId, List.copyOf(rules), tags);
    }

    @Override
    public SecurityGroup withTags(Map<String, String> changed) {
        return new SecurityGroup(id, name, description, vpcId, ingress, changed);
    }

    @Override
    public String resourceType() {
        return "security-group";
    }
}
