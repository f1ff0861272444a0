package io.groundwork.request.api;

import io.groundwork.events.AccountFact;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Claim;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.PoolTotals;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepInput;
import io.groundwork.request.RequestConfig;
import io.groundwork.request.domain.Planner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in the way of a request, each by its name and with how long it took to find out. All of it is read from tables in
 * memory: a check calls nobody, so that none can slow the answer to a POST. None decides anything either, and one that cannot be
 * made says so and lets the request pass.
 */
@ApplicationScoped
public class Checks {

    private static final Logger LOG = Logger.getLogger(Checks.class);
    /** Servers whose BMC has not taken its credentials yet, or refused them. */
    private static final Set<String> UNVERIFIED = Set.of("enrolled", "verifying", "enroll-failed", "forgotten");

    private final Lookup lookup;
    private final Planner planner;

    @Inject
    public Checks(Lookup lookup, RequestConfig config) {
        this(lookup, new Planner(RequestConfig.timeouts(config)));
    }

    Checks(Lookup lookup, Planner planner) {
        this.lookup = lookup;
        this.planner = planner;
    }

    /** All that there is to look at for what {@code submission} asks. */
    List<Check> of(Submission submission) {
        var checks = new ArrayList<Check>();
        var design = submission.ask().design();
        if (submission.ask().operation() == RequestKind.DEPLOY) {
            checks.add(timed("catalogue", () -> catalogue(submission)));
            var claimed = new Claimed(submission);
            checks.add(timed("quota", () -> quota(submission, claimed)));
            if (!design.components().isEmpty()) {
                checks.add(timed("credentials", () -> credentials(submission, claimed)));
            }
            if (!servers(submission).isEmpty()) {
                checks.add(timed("capacity", () -> capacity(claimed)));
                checks.add(timed("portable", () -> portable(servers(submission))));
            }
            if (!design.access().isEmpty()) {
                checks.add(timed("access", () -> access(submission)));
            }
        }
        var replaced = submission.replaced();
        if (replaced != null) {
            var pool = "pool/" + replaced.site() + "/" + replaced.serverType();
            checks.add(timed("capacity", () -> another(pool)));
        }
        checks.add(timed("approvers", () -> approvers(submission)));
        return checks;
    }

    /** One check with the time that it took; that it failed to run is all that it says then. */
    static Check timed(String name, Supplier<Check> look) {
        var began = System.nanoTime();
        Check found;
        try {
            found = look.get();
        } catch (RuntimeException failed) {
            LOG.warnf(failed, "the check %s could not be made", name);
            found = new Check(name, false, "This could not be looked at now.", 0);
        }
        var micros = (System.nanoTime() - began) / 1_000;
        return new Check(name, found.ok(), found.detail(), micros / 1_000.0);
    }

    private static Check check(String name, String objection, String otherwise) {
        return new Check(name, objection.isEmpty(), objection.isEmpty() ? otherwise : objection, 0);
    }

    private static List<MetalServer> servers(Submission submission) {
        return submission.ask().design().components().stream()
                .filter(MetalServer.class::isInstance)
                .map(MetalServer.class::cast)
                .toList();
    }

    /** What a component names and the catalogue lacks was refused before; this says what it was found with. */
    private static Check catalogue(Submission submission) {
        var missing = submission.ask().design().components().stream()
                .map(Component::name)
                .filter(name -> !submission.catalogued().containsKey(name))
                .toList();
        return check(
                "catalogue",
                missing.isEmpty() ? "" : "The catalogue lacks what these name: " + String.join(", ", missing) + ".",
                "The catalogue has all that the components name.");
    }

    /** What a deployment would claim: its plan is compiled when the first check asks, and once. */
    private final class Claimed {

        private final Submission submission;
        private @Nullable List<Claim> known;

        Claimed(Submission submission) {
            this.submission = submission;
        }

        Stream<Claim> all() {
            var all = known;
            if (all == null) {
                all = planner.deploy(submission.resource(), submission.ask(), submission.catalogued()).steps().stream()
                        .map(step -> step.input())
                        .filter(StepInput.Allocate.class::isInstance)
                        .flatMap(input -> ((StepInput.Allocate) input).claims().stream())
                        .toList();
                known = all;
            }
            return all.stream();
        }

        Stream<Claim> ofServers() {
            return all().filter(claim -> !claim.servers().isEmpty());
        }
    }

    /** Against the whole quota: what others hold of it only allocation-service knows. */
    private Check quota(Submission submission, Claimed claimed) {
        var resource = submission.resource();
        var quota = lookup.quota(resource.tenant(), resource.project()).orElse(new Quota(Map.of()));
        var over = claimed.all()
                .filter(claim -> claim.pool().startsWith("quota/"))
                .flatMap(claim -> claim.amounts().entrySet().stream())
                .flatMap(amount -> over(quota, amount.getKey(), amount.getValue()))
                .toList();
        return check(
                "quota",
                over.isEmpty() ? "" : "The project's quota does not allow " + String.join(", ", over) + ".",
                "The project's quota is large enough.");
    }

    private static Stream<String> over(Quota quota, String measure, long asked) {
        var what = asked + " " + measure;
        var objection = quota.units(measure).objection(asked);
        if (objection != null) {
            return Stream.of(what + " (" + objection + ")");
        }
        var most = quota.capacity().get(measure);
        return most != null && asked > most ? Stream.of(what + " (there are " + most + ")") : Stream.empty();
    }

    /** Whether Groundwork is let in where the machines would be made, as those saw it who last tried. */
    private Check credentials(Submission submission, Claimed claimed) {
        var objections = new ArrayList<String>();
        var notes = new ArrayList<String>();
        if (submission.ask().design().components().stream().anyMatch(CloudVm.class::isInstance)) {
            accounts(objections, notes);
        }
        claimed.ofServers().forEach(claim -> bmcs(claim, objections, notes));
        return check("credentials", String.join(" ", objections), String.join(" ", notes));
    }

    /** The approver chooses the account later: one that can be used is enough. */
    private void accounts(List<String> objections, List<String> notes) {
        var usable = new TreeSet<String>();
        var barred = new TreeSet<String>();
        for (var profile : lookup.profiles()) {
            for (var region : lookup.regions()) {
                var place = profile + " in " + region;
                lookup.account(profile, region)
                        .ifPresentOrElse(
                                seen -> (seen.usable() ? usable : barred).add(place + why(seen)),
                                () -> barred.add(place + " (nobody has looked yet)"));
            }
        }
        var all = (usable.isEmpty() ? "" : "These accounts can be used: " + String.join(", ", usable) + ".")
                + (barred.isEmpty() ? "" : " These cannot: " + String.join(", ", barred) + ".");
        (usable.isEmpty() ? objections : notes)
                .add(all.isEmpty() ? "There is no account to make machines with." : all.strip());
    }

    private static String why(AccountFact seen) {
        return " (" + (seen.reason() == null ? "" : seen.reason() + " ") + "at " + seen.at() + ")";
    }

    private void bmcs(Claim claim, List<String> objections, List<String> notes) {
        var counts = lookup.pool(claim.pool()).map(PoolTotals::servers).orElse(Map.of());
        var all = total(counts, any -> true);
        var verified = total(counts, condition -> !UNVERIFIED.contains(condition));
        (verified < least(claim) ? objections : notes)
                .add("The BMCs of " + verified + " of " + all + " servers of " + claim.pool()
                        + " have taken their credentials.");
    }

    private static long total(Map<String, Long> counts, Predicate<String> wanted) {
        return counts.entrySet().stream()
                .filter(count -> wanted.test(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Whether servers are free now; who gets them is decided when the request is allocated. */
    private Check capacity(Claimed claimed) {
        var missing = claimed.ofServers()
                .filter(claim -> free(claim.pool()) < least(claim))
                .map(claim -> free(claim.pool()) + " free of " + claim.pool())
                .toList();
        return check(
                "capacity",
                missing.isEmpty() ? "" : "Too few servers are free now: " + String.join(", ", missing) + ".",
                "As many servers are free now.");
    }

    private Check another(String pool) {
        var free = free(pool);
        return check(
                "capacity", free > 0 ? "" : "No server of " + pool + " is free now.", free + " free of " + pool + ".");
    }

    private static long least(Claim claim) {
        return claim.servers().stream().mapToLong(need -> need.minCount()).sum();
    }

    private long free(String pool) {
        return lookup.pool(pool)
                .map(totals -> totals.servers().getOrDefault("free", 0L))
                .orElse(0L);
    }

    /** A warning: the design asks for servers by their ids, which are others elsewhere. */
    private static Check portable(List<MetalServer> servers) {
        var bound = servers.stream()
                .filter(server -> !server.preferredServers().isEmpty())
                .map(server -> server.name() + " prefers " + String.join(", ", server.preferredServers()))
                .toList();
        return check(
                "portable",
                bound.isEmpty()
                        ? ""
                        : "Server ids are this site's own; say what is needed by serverType and traits: "
                                + String.join("; ", bound) + ".",
                "Servers are asked for by type and traits.");
    }

    private Check approvers(Submission submission) {
        var tenant = submission.resource().tenant();
        var unknown = submission.ask().approvers().stream()
                .filter(approver -> lookup.user(approver)
                        .filter(user ->
                                user.tenant().equals(tenant) && user.roles().contains("approver"))
                        .isEmpty())
                .toList();
        return check(
                "approvers",
                unknown.isEmpty() ? "" : "These may not approve in " + tenant + ": " + String.join(", ", unknown) + ".",
                "All approvers may approve.");
    }

    private Check access(Submission submission) {
        var groups = lookup.groups(submission.resource().tenant());
        var refused = submission.ask().design().access().stream()
                .filter(grant -> {
                    var group = groups.get(grant.group());
                    return group == null || !group.roles().contains(grant.role());
                })
                .map(grant -> grant.role() + " to " + grant.group())
                .toList();
        return check(
                "access",
                refused.isEmpty() ? "" : "The directory does not allow " + String.join(", ", refused) + ".",
                "The directory allows all access that is asked for.");
    }
}
