package io.groundwork.request.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Component;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.request.api.Form.Element;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a {@code metal.server}. */
final class ServerReader {

    private static final int MOST_SERVERS = 500;
    /** What an installer's seed takes. */
    static final int MOST_USER_DATA_BYTES = 64 * 1024;
    /** Well within what a provisioner gives the whole of a server's end. */
    private static final Duration LONGEST_SHUTDOWN = Duration.ofMinutes(20);

    private static final Pattern SERVER = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private final Lookup lookup;

    ServerReader(Lookup lookup) {
        this.lookup = lookup;
    }

    Optional<Component> read(Form form, String name, List<String> dependsOn) {
        if (!form.has("count")) {
            form.wrong("count", "count is missing; give how many servers, from 1 to " + MOST_SERVERS + ".");
        }
        var count = form.number("count", 1, MOST_SERVERS);
        var least = form.number("minCount", 1, count.orElse(MOST_SERVERS));
        var site = ComponentReader.named(form, "site", "ams1", lookup.sites().keySet());
        var types = lookup.serverTypes();
        var type = ComponentReader.named(form, "serverType", "m1.large", types.keySet());
        var template = ComponentReader.named(
                form, "osTemplate", "debian-12", lookup.osTemplates().keySet());
        var preferred = preferred(form);
        var required = form.texts("requiredTraits");
        var forbidden = form.texts("forbiddenTraits");
        if (site.isPresent() && type.isPresent()) {
            traits(form, site.get(), type.get(), types.get(type.get()), required, forbidden);
        }
        var spread = domain(form, "spread");
        var apart = domain(form, "antiAffinity");
        var networks = networks(form, site);
        var key = ComponentReader.sshKey(form);
        var userData = ComponentReader.userData(form, MOST_USER_DATA_BYTES);
        var dataLoss = form.flag("allowDataLoss");
        var shutdown = shutdown(form);
        if (count.isEmpty() || site.isEmpty() || type.isEmpty() || template.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MetalServer(
                name,
                count.get(),
                least.orElse(null),
                dependsOn,
                site.get(),
                type.get(),
                preferred,
                required,
                forbidden,
                spread.orElse(null),
                apart.orElse(null),
                template.get(),
                networks,
                key.orElse(null),
                userData.orElse(null),
                dataLoss,
                shutdown.orElse(null)));
    }

    private static Optional<Shutdown> shutdown(Form form) {
        return form.value("shutdown").flatMap(value -> shutdown(form, value));
    }

    private static Optional<Shutdown> shutdown(Form form, JsonNode value) {
        return new Element(value, form.at("shutdown"), form.errors()).object(ends -> {
            var timeout = ends.duration("timeout", Duration.ZERO, LONGEST_SHUTDOWN);
            var force = !ends.has("force") || ends.flag("force");
            if (!force && timeout.filter(Duration::isZero).isPresent()) {
                ends.wrong("force", "force must be true where timeout is PT0S: nothing else would end the system.");
            }
            return Optional.of(new Shutdown(timeout.orElse(null), force));
        });
    }

    /** Whether they exist is not asked: a preference that cannot be met is no error. */
    static List<String> preferred(Form form) {
        var seen = new HashSet<String>();
        return form.list("preferredServers", element -> {
            var server = element.node().asText();
            if (!element.node().isTextual() || !SERVER.matcher(server).matches()) {
                element.wrong("A server is named by its id, such as srv-5.");
                return Optional.empty();
            }
            if (!seen.add(server)) {
                element.wrong(server + " is named twice.");
            }
            return Optional.of(server);
        });
    }

    private void traits(
            Form form,
            String site,
            String name,
            Catalogue.@Nullable ServerType type,
            List<String> required,
            List<String> forbidden) {
        if (required.isEmpty() && forbidden.isEmpty()) {
            return;
        }
        var ofType = type == null ? List.<String>of() : type.traits();
        var known = new TreeSet<>(lookup.traits(site, name));
        known.addAll(ofType);
        for (var i = 0; i < required.size(); i++) {
            var trait = required.get(i);
            if (!known.contains(trait)) {
                wrong(
                        form,
                        "requiredTraits",
                        i,
                        "No " + name + " at " + site + " has the trait " + trait + AskReader.known(known));
            } else if (forbidden.contains(trait)) {
                wrong(form, "requiredTraits", i, trait + " is forbidden too; leave it out of one of the lists.");
            }
        }
        for (var i = 0; i < forbidden.size(); i++) {
            var trait = forbidden.get(i);
            if (!known.contains(trait)) {
                wrong(
                        form,
                        "forbiddenTraits",
                        i,
                        "No " + name + " at " + site + " has the trait " + trait + AskReader.known(known));
            } else if (ofType.contains(trait)) {
                wrong(form, "forbiddenTraits", i, "Every " + name + " has " + trait + "; choose another server type.");
            }
        }
    }

    private static void wrong(Form form, String field, int index, String detail) {
        new Element(
                        com.fasterxml.jackson.databind.node.NullNode.getInstance(),
                        form.at(field) + "/" + index,
                        form.errors())
                .wrong(detail);
    }

    private static Optional<FailureDomain> domain(Form form, String field) {
        return form.text(field).flatMap(word -> {
            if (word.equals("rack")) {
                return Optional.of(FailureDomain.RACK);
            }
            form.wrong(field, field + " must be rack, or left out.");
            return Optional.empty();
        });
    }

    /** Whether DHCP gives servers of {@code site} their addresses. */
    boolean leased(String site) {
        var known = lookup.sites().get(site);
        return known != null && known.addressing() == Ipam.DHCP;
    }

    private List<String> networks(Form form, Optional<String> site) {
        // without a site, nothing can be said of its subnets
        var subnets = site.filter(name -> !leased(name)).map(lookup::subnets).orElse(null);
        var seen = new HashSet<String>();
        return form.list("networks", element -> {
            var network = element.node().asText();
            if (!lookup.networks().contains(network)) {
                element.wrong("The catalogue has no network " + network + AskReader.known(lookup.networks()));
                return Optional.empty();
            }
            if (!seen.add(network)) {
                element.wrong(network + " is named twice.");
            }
            if (subnets != null && !subnets.containsKey(network)) {
                element.wrong("Network " + network + " has no subnet at " + site.orElse("")
                        + AskReader.known(subnets.keySet()));
                return Optional.empty();
            }
            return Optional.of(network);
        });
    }
}
