package io.groundwork.request.api;

import io.groundwork.events.AccountFact;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Directory;
import io.groundwork.events.PoolTotals;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the catalogue and the directory say now. */
public interface Lookup {

    /** By name. */
    Map<String, Catalogue.Flavor> flavors();

    /** By name. */
    Map<String, Catalogue.Image> images();

    Set<String> networks();

    /** The provider's, that approvers choose from. */
    Set<String> regions();

    /** Names of provider accounts and roles that approvers choose from. */
    Set<String> profiles();

    /** What came of the last look at an account in a region; empty if nobody has looked. */
    Optional<AccountFact> account(String profile, String region);

    /** By name. */
    Map<String, Catalogue.Site> sites();

    /** By name. */
    Map<String, Catalogue.ServerType> serverTypes();

    /** By name. */
    Map<String, Catalogue.OsTemplate> osTemplates();

    /** Of the networks that have one at {@code site}: the name of the subnet, by network. */
    Map<String, String> subnets(String site);

    /** What servers of the type at the site have of their own. */
    Set<String> traits(String site, String serverType);

    /** What is taken of a pool, and what is free. */
    Optional<PoolTotals> pool(String claimable);

    Optional<Catalogue.Quota> quota(String tenant, String project);

    /** A tenant's projects, by name; empty if there is no such tenant. */
    Map<String, Directory.Project> projects(String tenant);

    /** A tenant's groups, by name. */
    Map<String, Directory.Group> groups(String tenant);

    /** By mail address. */
    Optional<Directory.User> user(String address);
}
