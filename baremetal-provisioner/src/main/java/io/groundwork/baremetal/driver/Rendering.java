package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.domain.InstanceOrder;
import io.groundwork.baremetal.domain.InstanceOrder.Installation;
import io.groundwork.baremetal.driver.Boots.BootData;
import io.groundwork.baremetal.driver.Boots.Kind;
import io.groundwork.baremetal.driver.Redfish.Nic;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Uuids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an instance boots, from its OS template. Templates may hold {@code ${hostname}}, {@code ${instance}}, {@code ${server}},
 * {@code ${sshKey}} and, by interface from 0, {@code ${mac0}}, {@code ${address0}}, {@code ${prefix0}}, {@code ${gateway0}}, of which
 * but the first are empty in a network with DHCP; and {@link #PHONE_HOME} and {@link #BOOT}, which are filled in only when the server fetches what it boots, as they hold its token.
 */
final class Rendering {

    /** Where the system announces itself. */
    static final String PHONE_HOME = "${phoneHomeUrl}";
    /** Under which the server finds what it boots: {@code user-data}, {@code meta-data}, {@code network-config}. */
    static final String BOOT = "${bootUrl}";

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([a-zA-Z]+\\d*)}");

    private final String server;
    private final String operation;
    private final InstanceOrder order;
    private final Installation installation;
    private final List<Nic> nics;
    private final Map<String, String> variables = new LinkedHashMap<>();

    Rendering(String server, String operation, InstanceOrder order, Installation installation, List<Nic> nics) {
        this.server = server;
        this.operation = operation;
        this.order = order;
        this.installation = installation;
        this.nics = nics;
        variables.put("hostname", order.name());
        variables.put("instance", instance(order));
        variables.put("server", server);
        if (installation.sshKey() != null) {
            variables.put("sshKey", installation.sshKey().publicKey());
        }
        for (var i = 0; i < connected(); i++) {
            var address = address(i);
            variables.put("mac" + i, nics.get(i).mac());
            variables.put("address" + i, address.map(AllocatedAddress::address).orElse(""));
            variables.put(
                    "prefix" + i,
                    address.map(known -> Integer.toString(known.prefixLength())).orElse(""));
            variables.put("gateway" + i, address.map(AllocatedAddress::gateway).orElse(""));
        }
    }

    /** How many interfaces have a network. */
    private int connected() {
        return Math.min(nics.size(), installation.networks().size());
    }

    private Optional<AllocatedAddress> address(int nic) {
        return installation.address(installation.networks().get(nic));
    }

    /** What an instance calls itself for ever. */
    static String instance(InstanceOrder order) {
        return order.resource() + "/" + order.component() + "/" + order.index();
    }

    BootData bootData() {
        var template = installation.osTemplate();
        return new BootData(
                server,
                operation,
                nics.stream().map(Nic::mac).toList(),
                template.diskless() ? Kind.DISKLESS : Kind.INSTALL,
                instance(order),
                order.name(),
                filled(template.image()),
                template.kernel(),
                template.initrd(),
                template.kernelArguments() == null ? "" : filled(template.kernelArguments()),
                userData(),
                template.networkData() == null ? networkConfig() : filled(template.networkData()));
    }

    /** Ours, the template's, the component's: cloud-init applies them in this order. */
    private String userData() {
        var parts = new ArrayList<String>();
        parts.add(ownUserData());
        if (installation.osTemplate().userData() != null) {
            parts.add(filled(installation.osTemplate().userData()));
        }
        if (installation.userData() != null) {
            parts.add(installation.userData());
        }
        var boundary = "groundwork-" + Uuids.named(parts.toArray(String[]::new));
        var text =
                new StringBuilder("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\nMIME-Version: 1.0\n");
        for (var part : parts) {
            // cloud-init tells from a plain part's first line what it is
            text.append("\n--")
                    .append(boundary)
                    .append("\nContent-Type: text/plain; charset=\"utf-8\"\n\n")
                    .append(part);
        }
        return text.append("\n--").append(boundary).append("--\n").toString();
    }

    private String ownUserData() {
        return """
                #cloud-config
                hostname: %s
                %s%sphone_home:
                  url: "%s"
                  post: [instance_id, hostname]
                  tries: 20
                """.formatted(
                        order.name(),
                        fullName(),
                        installation.sshKey() == null
                                ? ""
                                : "ssh_authorized_keys:\n  - "
                                        + quoted(installation.sshKey().publicKey()) + "\n",
                        PHONE_HOME);
    }

    /** The system's name in DNS, where its primary network has one for it. */
    private String fullName() {
        return installation
                .primary()
                .map(AllocatedAddress::dnsName)
                .map(name -> "fqdn: " + name + "\n")
                .orElse("");
    }

    private String networkConfig() {
        var text = new StringBuilder("version: 2\nethernets:\n");
        for (var i = 0; i < connected(); i++) {
            text.append("  nic")
                    .append(i)
                    .append(":\n    match: {macaddress: ")
                    .append(quoted(nics.get(i).mac()))
                    .append("}\n");
            // one way out: the first network is the primary one
            var primary = i == 0;
            address(i)
                    .ifPresentOrElse(
                            address -> configured(text, address, primary),
                            () -> text.append("    dhcp4: true\n")
                                    .append(primary ? "" : "    dhcp4-overrides: {use-routes: false}\n"));
        }
        return installation.networks().isEmpty() ? "version: 2\nethernets: {}\n" : text.toString();
    }

    private static void configured(StringBuilder text, AllocatedAddress address, boolean primary) {
        text.append("    addresses: [")
                .append(quoted(address.address() + "/" + address.prefixLength()))
                .append("]\n");
        if (primary && address.gateway() != null) {
            text.append("    routes: [{to: default, via: ")
                    .append(quoted(address.gateway()))
                    .append("}]\n");
        }
        if (!address.nameservers().isEmpty()) {
            text.append("    nameservers: {addresses: [")
                    .append(String.join(
                            ", ",
                            address.nameservers().stream()
                                    .map(Rendering::quoted)
                                    .toList()))
                    .append("]}\n");
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private String filled(String template) {
        return filled(template, variables);
    }

    /** {@code template} with the variables that are known; others stay as they are. */
    static String filled(String template, Map<String, String> variables) {
        return VARIABLE.matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), found.group())));
    }

    /** What erases the disks of a server whose BMC cannot. */
    static BootData erasing(String server, String operation, String image, List<Nic> nics) {
        return new BootData(
                server,
                operation,
                nics.stream().map(Nic::mac).toList(),
                Kind.ERASE,
                "groundwork-cleaning/" + server,
                server,
                image,
                null,
                null,
                "",
                "",
                "version: 2\nethernets: {}\n");
    }

    /** What a server that was given {@code phoneHome} and {@code base} reads. */
    static String revealed(@Nullable String text, String phoneHome, String base) {
        return text == null ? "" : text.replace(PHONE_HOME, phoneHome).replace(BOOT, base);
    }
}
