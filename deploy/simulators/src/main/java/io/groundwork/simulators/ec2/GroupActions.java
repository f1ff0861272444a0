package io.groundwork.simulators.ec2;

import io.groundwork.simulators.ec2.SecurityGroup.Rule;
import io.groundwork.simulators.ec2.SecurityGroup.SourceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Security groups and their ingress rules. */
final class GroupActions {
    private GroupActions() {}

    static void create(Call call, Xml answer) {
        var parameters = call.parameters();
        var name = parameters.required("GroupName");
        var description = parameters.required("GroupDescription");
        var vpcId = parameters.string("VpcId").orElse(call.region().network().vpcId());
        var tags = Tags.ofSpecifications(parameters, Set.of("security-group"));
        if (!vpcId.equals(call.region().network().vpcId())) {
            throw new Ec2Exception("InvalidVpcID.NotFound", "The vpc ID '" + vpcId + "' does not exist");
        }
        if (name.startsWith("sg-") || name.length() > 255) {
            throw Ec2Exception.invalidValue(
                    "Invalid group name. Names are at most 255 long and do not begin with sg-.");
        }
        if (call.region().groupNamed(name).isPresent()) {
            throw new Ec2Exception(
                    "InvalidGroup.Duplicate",
                    "The security group '" + name + "' already exists for VPC '" + vpcId + "'");
        }
        var group = new SecurityGroup(
                Ids.next("sg"), name, description, vpcId, List.of(), tags.getOrDefault("security-group", Map.of()));
        call.region().save(group);
        answer.text("return", true).text("groupId", group.id()).tags(group.tags());
    }

    static void authorizeIngress(Call call, Xml answer) {
        var group = named(call);
        var added = rules(call);
        var ingress = new ArrayList<>(group.ingress());
        for (var rule : added) {
            if (ingress.stream().anyMatch(rule::isSameAs)) {
                throw new Ec2Exception(
                        "InvalidPermission.Duplicate",
                        "the specified rule \"peer: " + rule.source() + ", " + rule.protocol() + ", from port: "
                                + rule.fromPort() + ", to port: " + rule.toPort() + ", ALLOW\" already exists");
            }
            ingress.add(rule);
        }
        call.region().save(group.withIngress(ingress));
        answer.text("return", true).items("securityGroupRuleSet", added, (xml, rule) -> {
            xml.text("securityGroupRuleId", rule.id())
                    .text("groupId", group.id())
                    .text("groupOwnerId", call.identity().account())
                    .text("isEgress", false)
                    .text("ipProtocol", rule.protocol())
                    .text("fromPort", rule.fromPort() == null ? -1 : rule.fromPort())
                    .text("toPort", rule.toPort() == null ? -1 : rule.toPort())
                    .text("description", rule.description());
            switch (rule.sourceKind()) {
                case CIDR -> xml.text("cidrIpv4", rule.source());
                case CIDR_V6 -> xml.text("cidrIpv6", rule.source());
                case PREFIX_LIST -> xml.text("prefixListId", rule.source());
                case GROUP ->
                    xml.nested(
                            "referencedGroupInfo",
                            peer -> peer.text("groupId", rule.source())
                                    .text("userId", call.identity().account()));
            }
        });
    }

    static void describe(Call call, Xml answer) {
        var parameters = call.parameters();
        var ids = parameters.list("GroupId");
        var names = parameters.list("GroupName");
        var groups = new ArrayList<SecurityGroup>();
        ids.forEach(id -> groups.add(call.region().group(id).orElseThrow(() -> notFound(id))));
        names.forEach(name -> groups.add(call.region().groupNamed(name).orElseThrow(() -> notFound(name))));
        if (ids.isEmpty() && names.isEmpty()) {
            groups.addAll(call.region().groups());
        }
        groups.sort(Comparator.comparing(SecurityGroup::id));
        var selected = Filters.of(parameters).selectTagged(groups, filters(call));
        var page = Page.of(parameters, selected, SecurityGroup::id);
        answer.items(
                        "securityGroupInfo",
                        page.items(),
                        (xml, group) -> xml.text("ownerId", call.identity().account())
                                .text("groupId", group.id())
                                .text("groupName", group.name())
                                .text("groupDescription", group.description())
                                .text("vpcId", group.vpcId())
                                .items(
                                        "ipPermissions",
                                        permissions(group),
                                        (item, rules) -> permission(item, call, rules))
                                .items(
                                        "ipPermissionsEgress",
                                        List.of(Rule.class),
                                        (item, any) -> item.text("ipProtocol", "-1")
                                                .items("groups", List.<Rule>of(), (none, rule) -> {})
                                                .items(
                                                        "ipRanges",
                                                        List.of("0.0.0.0/0"),
                                                        (range, cidr) -> range.text("cidrIp", cidr)))
                                .tags(group.tags()))
                .text("nextToken", page.nextToken());
    }

    /** Rules of the same protocol and ports are shown as one permission. */
    private static Collection<List<Rule>> permissions(SecurityGroup group) {
        return group.ingress().stream()
                .collect(Collectors.groupingBy(Rule::permission, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private static void permission(Xml xml, Call call, List<Rule> rules) {
        var first = rules.get(0);
        xml.text("ipProtocol", first.protocol())
                .text("fromPort", first.fromPort())
                .text("toPort", first.toPort())
                .items(
                        "groups",
                        of(rules, SourceKind.GROUP),
                        (item, rule) -> item.text("userId", call.identity().account())
                                .text("groupId", rule.source())
                                .text("description", rule.description()))
                .items(
                        "ipRanges",
                        of(rules, SourceKind.CIDR),
                        (item, rule) -> item.text("cidrIp", rule.source()).text("description", rule.description()))
                .items(
                        "ipv6Ranges",
                        of(rules, SourceKind.CIDR_V6),
                        (item, rule) -> item.text("cidrIpv6", rule.source()).text("description", rule.description()))
                .items(
                        "prefixListIds",
                        of(rules, SourceKind.PREFIX_LIST),
                        (item, rule) ->
                                item.text("prefixListId", rule.source()).text("description", rule.description()));
    }

    private static List<Rule> of(List<Rule> rules, SourceKind kind) {
        return rules.stream().filter(rule -> rule.sourceKind() == kind).toList();
    }

    static void delete(Call call, Xml answer) {
        var group = named(call);
        if (group.isDefault()) {
            throw new Ec2Exception(
                    "CannotDelete",
                    "the specified group: \"" + group.id() + "\" name: \"" + group.name()
                            + "\" cannot be deleted by a user");
        }
        var inUse = call.region().instances().stream()
                        .filter(instance -> !instance.isTerminated(call.now()))
                        .anyMatch(instance -> instance.groupIds().contains(group.id()))
                || call.region().groups().stream()
                        .filter(other -> !other.id().equals(group.id()))
                        .flatMap(other -> other.ingress().stream())
                        .anyMatch(rule -> rule.source().equals(group.id()));
        if (inUse) {
            throw new Ec2Exception("DependencyViolation", "resource " + group.id() + " has a dependent object");
        }
        call.region().commit(List.of(), List.of(group));
        answer.text("return", true).text("groupId", group.id());
    }

    /** The group that a call is about, by its id or, as the default VPC allows, by its name. */
    private static SecurityGroup named(Call call) {
        var id = call.parameters().string("GroupId");
        if (id.isPresent()) {
            return call.region().group(id.get()).orElseThrow(() -> notFound(id.get()));
        }
        var name = call.parameters()
                .string("GroupName")
                .orElseThrow(() -> new Ec2Exception(
                        "MissingParameter", "The request must contain the parameter groupName or groupId"));
        return call.region().groupNamed(name).orElseThrow(() -> notFound(name));
    }

    /** The rules of {@code IpPermissions.N}, one for each source, or the one that the call itself describes. */
    private static List<Rule> rules(Call call) {
        var permissions = call.parameters().structures("IpPermissions");
        var rules = new ArrayList<Rule>();
        for (var permission : permissions) {
            var sources = rules.size();
            permission
                    .structures("IpRanges")
                    .forEach(range -> rules.add(rule(permission, SourceKind.CIDR, range, "CidrIp")));
            permission
                    .structures("Ipv6Ranges")
                    .forEach(range -> rules.add(rule(permission, SourceKind.CIDR_V6, range, "CidrIpv6")));
            permission
                    .structures("PrefixListIds")
                    .forEach(list -> rules.add(rule(permission, SourceKind.PREFIX_LIST, list, "PrefixListId")));
            for (var peer : permission.structures("Groups")) {
                rules.add(rule(permission, SourceKind.GROUP, peer, "GroupId"));
            }
            if (rules.size() == sources) {
                throw Ec2Exception.missing("IpRanges");
            }
        }
        if (permissions.isEmpty()) {
            if (call.parameters().string("CidrIp").isEmpty()) {
                throw Ec2Exception.missing("IpPermissions");
            }
            rules.add(rule(call.parameters(), SourceKind.CIDR, call.parameters(), "CidrIp"));
        }
        for (var rule : of(rules, SourceKind.GROUP)) {
            if (call.region().group(rule.source()).isEmpty()) {
                throw notFound(rule.source());
            }
        }
        return rules;
    }

    private static Rule rule(Parameters permission, SourceKind kind, Parameters source, String sourceName) {
        var protocol = protocol(permission.required("IpProtocol"));
        var from = permission.integer("FromPort");
        var to = permission.integer("ToPort");
        var cidr = source.required(sourceName);
        if (kind == SourceKind.CIDR && !cidr.matches("(\\d{1,3}\\.){3}\\d{1,3}/([12]?\\d|3[0-2])")) {
            throw Ec2Exception.invalidValue("CIDR block " + cidr + " is malformed");
        }
        var hasPorts = protocol.equals("tcp") || protocol.equals("udp");
        if (hasPorts
                && (from.isEmpty() || to.isEmpty() || from.get() < 0 || to.get() > 65535 || from.get() > to.get())) {
            throw Ec2Exception.invalidValue(
                    "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.");
        }
        return new Rule(
                Ids.next("sgr"),
                protocol,
                protocol.equals("-1") ? null : from.orElse(null),
                protocol.equals("-1") ? null : to.orElse(null),
                kind,
                cidr,
                source.string("Description").orElse(null));
    }

    private static String protocol(String protocol) {
        return switch (protocol) {
            case "tcp", "6" -> "tcp";
            case "udp", "17" -> "udp";
            case "icmp", "1" -> "icmp";
            case "icmpv6", "58" -> "icmpv6";
            case "-1", "all" -> "-1";
            default -> {
                if (!protocol.matches("\\d{1,3}")) {
                    throw Ec2Exception.invalidValue(
                            "Invalid value '" + protocol + "' for IP protocol. Unknown protocol.");
                }
                yield protocol;
            }
        };
    }

    private static Map<String, Function<SecurityGroup, Collection<String>>> filters(Call call) {
        return Map.of(
                "group-id", group -> List.of(group.id()),
                "group-name", group -> List.of(group.name()),
                "description", group -> List.of(group.description()),
                "vpc-id", group -> List.of(group.vpcId()),
                "owner-id", group -> List.of(call.identity().account()));
    }

    static Ec2Exception notFound(String idOrName) {
        return new Ec2Exception("InvalidGroup.NotFound", "The security group '" + idOrName + "' does not exist");
    }
}
