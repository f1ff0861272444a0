package io.groundwork.request.api;

import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.Ingress;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Component.SecurityGroup;
import io.groundwork.events.Component.SshKey;
import io.groundwork.events.ResourceId;
import io.groundwork.request.api.Form.Element;
import io.groundwork.runtime.rest.Problem.FieldError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the components of one design. */
final class ComponentReader {

    private static final int MOST_INSTANCES = 500;
    private static final int LARGEST_VOLUME_GIB = 16_384;
    /** What EC2 takes. */
    private static final int MOST_USER_DATA_BYTES = 16 * 1024;

    private static final Set<String> TYPES = Set.of("cloud.vm", "metal.server");
    private static final String NAME = "1 to 63 lower-case letters, digits or hyphens, not at its ends a hyphen";
    private static final Pattern SSH_KEY = Pattern.compile("(ssh-ed25519|ssh-rsa) ([A-Za-z0-9+/]+={0,2})( .*)?");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final Lookup lookup;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, String> needs = new LinkedHashMap<>();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Set<String> unaddressed = new HashSet<>();
    private final References references = new References();
    private final ServerReader servers;

    ComponentReader(Lookup lookup) {
        this.lookup = lookup;
        this.servers = new ServerReader(lookup);
    }

    /** The names of all components so far, also of faulty ones, by the pointer of the component. */
    Map<String, String> names() {
        return names;
    }

    /** What components depend on, by the pointer of the dependency. */
    Map<String, String> needs() {
        return needs;
    }

    /** One component; empty if anything in it is wrong. */
    Optional<Component> read(Element element) {
        return element.object(form -> {
            var name = form.matching("name", ResourceId.PART, NAME, "web");
            name.ifPresent(known -> names.put(element.pointer(), known));
            var type = form.required("type", "cloud.vm");
            if (type.isPresent() && !TYPES.contains(type.get())) {
                form.wrong("type", "There is no type " + type.get() + AskReader.known(TYPES));
                // whose fields these are is not known
                form.ignoreAll();
                return Optional.empty();
            }
            var dependsOn = form.texts("dependsOn");
            for (var i = 0; i < dependsOn.size(); i++) {
                needs.put(form.at("dependsOn") + "/" + i, dependsOn.get(i));
            }
            var component = type.filter("metal.server"::equals).isPresent()
                    ? servers.read(form, name.orElse("?"), dependsOn)
                    : vm(form, name.orElse("?"), dependsOn);
            component.ifPresent(read -> {
                sizes.put(read.name(), read.enough());
                if (read instanceof MetalServer server
                        && (server.networks().isEmpty() || servers.leased(server.site()))) {
                    unaddressed.add(server.name());
                }
                var userData = userData(read);
                if (userData != null) {
                    references.add(form.at("userData"), userData, dependsOn);
                }
            });
            return component;
        });
    }

    private static @Nullable String userData(Component component) {
        return switch (component) {
            case CloudVm vm -> vm.userData();
            case MetalServer server -> server.userData();
        };
    }

    /** What is wrong with the references among the components, once all were read. */
    List<FieldError> misreferences() {
        return references.errors(sizes, unaddressed);
    }

    private Optional<Component> vm(Form form, String name, List<String> dependsOn) {
        if (!form.has("count")) {
            form.wrong("count", "count is missing; give how many machines, from 1 to " + MOST_INSTANCES + ".");
        }
        var count = form.number("count", 1, MOST_INSTANCES);
        var flavor = named(form, "flavor", "m.small", lookup.flavors().keySet());
        var image = named(form, "image", "debian-12", lookup.images().keySet());
        var volume = form.number("bootVolumeGiB", 1, LARGEST_VOLUME_GIB);
        var networks = networks(form);
        var groups = form.list("securityGroups", this::securityGroup);
        var key = sshKey(form);
        var userData = userData(form, MOST_USER_DATA_BYTES);
        if (count.isEmpty() || flavor.isEmpty() || image.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CloudVm(
                name,
                count.get(),
                dependsOn,
                flavor.get(),
                image.get(),
                volume.orElse(null),
                networks,
                groups,
                key.orElse(null),
                userData.orElse(null)));
    }

    static Optional<SshKey> sshKey(Form form) {
        return form.value("sshKey")
                .flatMap(value -> new Element(value, form.at("sshKey"), form.errors()).object(ComponentReader::key));
    }

    static Optional<String> userData(Form form, int most) {
        var userData = form.prose("userData");
        userData.filter(text -> text.getBytes(StandardCharsets.UTF_8).length > most)
                .ifPresent(text -> form.wrong("userData", "userData must be " + most + " bytes at most."));
        return userData;
    }

    static Optional<String> named(Form form, String field, String example, Set<String> known) {
        return form.required(field, example).filter(name -> {
            if (known.contains(name)) {
                return true;
            }
            form.wrong(field, "The catalogue has no " + field + " " + name + AskReader.known(known));
            return false;
        });
    }

    private List<String> networks(Form form) {
        var known = lookup.networks();
        return form.list("networks", element -> {
            if (element.node().isTextual() && known.contains(element.node().textValue())) {
                return Optional.of(element.node().textValue());
            }
            element.wrong("The catalogue has no network " + element.node().asText() + AskReader.known(known));
            return Optional.empty();
        });
    }

    private Optional<SecurityGroup> securityGroup(Element element) {
        return element.object(form -> {
            var name = form.matching("name", ResourceId.PART, NAME, "web");
            var ingress = form.list("ingress", ComponentReader::ingress);
            return name.map(known -> new SecurityGroup(known, ingress));
        });
    }

    private static Optional<Ingress> ingress(Element element) {
        return element.object(form -> {
            var protocol = form.required("protocol", "tcp");
            var icmp = protocol.filter("icmp"::equals).isPresent();
            protocol.filter(word -> !List.of("tcp", "udp", "icmp").contains(word))
                    .ifPresent(word -> form.wrong("protocol", "protocol must be tcp, udp or icmp."));
            if (!icmp && !form.has("port")) {
                form.wrong("port", "port is missing; give one from 1 to 65535.");
            }
            var port = icmp ? form.number("port", 0, 0).or(() -> Optional.of(0)) : form.number("port", 1, 65_535);
            var cidr = form.required("cidr", "10.0.0.0/8");
            cidr.filter(text -> !isCidr(text))
                    .ifPresent(text -> form.wrong(
                            "cidr",
                            "cidr must be an address and a prefix length, such as 10.0.0.0/8 or 2001:db8::/32."));
            return protocol.isEmpty() || port.isEmpty() || cidr.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Ingress(protocol.get(), port.get(), cidr.get()));
        });
    }

    private static Optional<SshKey> key(Form form) {
        var name = form.matching("name", Pattern.compile("[A-Za-z0-9._@-]{1,255}"), "a short name", "ops");
        // the file's last line end is no fault
        var key = form.has("publicKey")
                ? form.prose("publicKey")
                : form.required("publicKey", "ssh-ed25519 AAAAC3Nz... ops");
        key.filter(text -> !isSshKey(text))
                .ifPresent(text -> form.wrong(
                        "publicKey",
                        "publicKey must be the one line of an OpenSSH public key file, ssh-ed25519 or ssh-rsa."));
        return name.isEmpty() || key.isEmpty() ? Optional.empty() : Optional.of(new SshKey(name.get(), key.get()));
    }

    /** Whether the text has the form of a key, and the key is of the kind that the text says. */
    static boolean isSshKey(String text) {
        var key = SSH_KEY.matcher(text.strip());
        if (!key.matches()) {
            return false;
        }
        try {
            var bytes = Base64.getDecoder().decode(key.group(2));
            var kind = key.group(1).getBytes(StandardCharsets.US_ASCII);
            return bytes.length > 4 + kind.length
                    && bytes[3] == kind.length
                    && new String(bytes, 4, kind.length, StandardCharsets.US_ASCII).equals(key.group(1));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    static boolean isCidr(String text) {
        var slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
            return false;
        }
        var address = text.substring(0, slash);
        var length = Integer.parseInt(text.substring(slash + 1));
        if (IPV4.matcher(address).matches()) {
            return length <= 32;
        }
        try {
            // the pattern first: what looks like a name would be looked up
            return IPV6.matcher(address).matches()
                    && InetAddress.getByName(address).getAddress().length > 0
                    && length <= 128;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
