package io.groundwork.request.api;

import io.groundwork.events.AccountFact;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Directory;
import io.groundwork.events.PoolTotals;
import io.groundwork.request.domain.Asks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A small catalogue and directory. */
class FixedLookup implements Lookup {

    @Override
    public Map<String, Catalogue.Flavor> flavors() {
        return Map.of("m.small", Asks.SMALL.flavor(), "m.large", Asks.SMALL.flavor());
    }

    @Override
    public Map<String, Catalogue.Image> images() {
        return Map.of("debian-12", Asks.SMALL.image());
    }

    @Override
    public Set<String> networks() {
        return Set.of("default");
    }

    @Override
    public Map<String, Catalogue.Site> sites() {
        return Map.of(
                "ams1", new Catalogue.Site("Amsterdam"),
                "fra1", new Catalogue.Site("Frankfurt"),
                "lab", new Catalogue.Site("A lab", Catalogue.Ipam.DHCP));
    }

    @Override
    public Map<String, Catalogue.ServerType> serverTypes() {
        return Map.of("m1.large", Asks.LARGE.serverType());
    }

    @Override
    public Map<String, Catalogue.OsTemplate> osTemplates() {
        return Map.of("debian-12", Asks.LARGE.osTemplate());
    }

    @Override
    public Map<String, String> subnets(String site) {
        return site.equals("ams1") ? Map.of("default", "ams1-default") : Map.of();
    }

    @Override
    public Set<String> regions() {
        return Set.of();
    }

    @Override
    public Set<String> profiles() {
        return Set.of();
    }

    @Override
    public Optional<AccountFact> account(String profile, String region) {
        return Optional.empty();
    }

    @Override
    public Set<String> traits(String site, String serverType) {
        return Set.of("gpu");
    }

    @Override
    public Optional<PoolTotals> pool(String claimable) {
        return Optional.empty();
    }

    @Override
    public Optional<Catalogue.Quota> quota(String tenant, String project) {
        return Optional.empty();
    }

    @Override
    public Map<String, Directory.Project> projects(String tenant) {
        return tenant.equals("acme")
                ? Map.of(
                        "payments", new Directory.Project("Payments", null),
                        "vault", new Directory.Project("Not for everybody", List.of("payments-devs")))
                : Map.of();
    }

    @Override
    public Map<String, Directory.Group> groups(String tenant) {
        return Map.of("payments-devs", new Directory.Group("acme", List.of("dev@acme.example"), List.of("operator")));
    }

    @Override
    public Optional<Directory.User> user(String address) {
        return Optional.empty();
    }
}
