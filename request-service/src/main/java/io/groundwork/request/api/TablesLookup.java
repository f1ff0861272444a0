package io.groundwork.request.api;

import io.groundwork.events.AccountFact;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Directory;
import io.groundwork.events.PoolTotals;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.runtime.streams.Tables;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From the compacted topics, as this process has read them. */
@ApplicationScoped
public class TablesLookup implements Lookup {

    private final Tables tables;

    @Inject
    public TablesLookup(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Map<String, Catalogue.Flavor> flavors() {
        return tables.list(Topics.CATALOGUE, "flavors/", Catalogue.Flavor.class);
    }

    @Override
    public Map<String, Catalogue.Image> images() {
        return tables.list(Topics.CATALOGUE, "images/", Catalogue.Image.class);
    }

    @Override
    public Set<String> networks() {
        return tables.list(Topics.CATALOGUE, "networks/", Catalogue.Network.class)
                .keySet();
    }

    @Override
    public Set<String> regions() {
        return tables.list(Topics.CATALOGUE, "regions/", Catalogue.Region.class).keySet();
    }

    @Override
    public Set<String> profiles() {
        return tables.list(Topics.CATALOGUE, "profiles/", Catalogue.Profile.class)
                .keySet();
    }

    @Override
    public Optional<AccountFact> account(String profile, String region) {
        return tables.get(Topics.ACCOUNTS, profile + "/" + region, AccountFact.class);
    }

    @Override
    public Map<String, Catalogue.Site> sites() {
        return tables.list(Topics.CATALOGUE, "sites/", Catalogue.Site.class);
    }

    @Override
    public Map<String, Catalogue.ServerType> serverTypes() {
        return tables.list(Topics.CATALOGUE, "server-types/", Catalogue.ServerType.class);
    }

    @Override
    public Map<String, Catalogue.OsTemplate> osTemplates() {
        return tables.list(Topics.CATALOGUE, "os-templates/", Catalogue.OsTemplate.class);
    }

    @Override
    public Map<String, String> subnets(String site) {
        var subnets = new TreeMap<String, String>();
        tables.list(Topics.CATALOGUE, "subnets/", Catalogue.Subnet.class).forEach((name, subnet) -> {
            if (subnet.site().equals(site)) {
                subnets.putIfAbsent(subnet.network(), name);
            }
        });
        return subnets;
    }

    @Override
    public Set<String> traits(String site, String serverType) {
        return tables.list(Topics.INVENTORY, "", ServerFact.class).values().stream()
                .filter(server ->
                        server.site().equals(site) && server.serverType().equals(serverType))
                .flatMap(server -> server.traits().stream())
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<PoolTotals> pool(String claimable) {
        return tables.get(Topics.POOLS, claimable, PoolTotals.class);
    }

    @Override
    public Optional<Catalogue.Quota> quota(String tenant, String project) {
        return tables.get(Topics.CATALOGUE, "quotas/" + tenant + "/" + project, Catalogue.Quota.class);
    }

    @Override
    public Map<String, Directory.Project> projects(String tenant) {
        return tables.list(Topics.DIRECTORY, "projects/" + tenant + "/", Directory.Project.class);
    }

    @Override
    public Map<String, Directory.Group> groups(String tenant) {
        var groups = new TreeMap<>(tables.list(Topics.DIRECTORY, "groups/", Directory.Group.class));
        groups.values().removeIf(group -> !group.tenant().equals(tenant));
        return groups;
    }

    @Override
    public Optional<Directory.User> user(String address) {
        return tables.get(Topics.DIRECTORY, "users/" + address, Directory.User.class);
    }
}
