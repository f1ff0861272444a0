package io.groundwork.runtime.rest;

import io.groundwork.events.Directory;
import io.groundwork.events.Topics;
import io.groundwork.runtime.streams.Tables;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.streams.errors.UnknownStateStoreException;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: from the bearer token, and in the profiles {@code local} and {@code test} alone from the header
 * {@code X-Groundwork-User: name@tenant.example}, with the roles that the directory gives them; without it
 * {@code dev@acme.example} with all roles.
 */
@RequestScoped
public class Caller {

    /** Stands in for a token where people try things. */
    public static final String HEADER = "X-Groundwork-User";

    public static final String OPERATOR = "operator";
    public static final String ADMIN = "admin";

    private static final String NOBODY = "dev@acme.example";
    private static final Set<String> ALL_ROLES = Set.of("requester", "approver", OPERATOR, ADMIN);
    private static final Pattern USER = Pattern.compile("[^@\\s]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?)\\.example");

    private final HttpServerRequest request;
    private final SecurityIdentity identity;
    private final Tables tables;
    private @Nullable Who who;

    @Inject
    public Caller(HttpServerRequest request, SecurityIdentity identity, Tables tables) {
        this.request = request;
        this.identity = identity;
        this.tables = tables;
    }

    /**
     * The caller.
     *
     * @throws Problem 401 without a token, 400 with a malformed stand-in header
     */
    public Who who() {
        var known = who;
        if (known == null) {
            known = identity.isAnonymous() ? standIn() : token();
            who = known;
        }
        return known;
    }

    /** @throws Problem 403 if the caller lacks {@code role} */
    public Who with(String role) {
        var caller = who();
        if (!caller.roles().contains(role)) {
            throw Problem.forbidden("This needs the role " + role + ", which " + caller.name() + " does not have.");
        }
        return caller;
    }

    private Who standIn() {
        var profiles = ConfigUtils.getProfiles();
        if (!profiles.contains("local") && LaunchMode.current() != LaunchMode.TEST) {
            throw Problem.of(401, "Not signed in", "Send a bearer token in the header Authorization.");
        }
        var header = request.getHeader(HEADER);
        if (header == null) {
            return new Who(NOBODY, "acme", Set.of(), ALL_ROLES);
        }
        var user = USER.matcher(header);
        if (!user.matches()) {
            throw Problem.of(
                    400, "Malformed identity", HEADER + " must be name@tenant.example, such as " + NOBODY + ".");
        }
        return new Who(header, user.group(1), Set.of(), rolesInDirectory(header));
    }

    private Set<String> rolesInDirectory(String user) {
        try {
            return tables.get(Topics.DIRECTORY, "users/" + user, Directory.User.class)
                    .map(known -> Set.copyOf(known.roles()))
                    .orElse(Set.of("requester"));
        } catch (UnknownStateStoreException noDirectoryHere) {
            return Set.of("requester");
        }
    }

    private Who token() {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            throw Problem.of(401, "Not signed in", "The token is not one that this service reads.");
        }
        String email = token.getClaim("email");
        String tenant = token.getClaim("tenant");
        if (tenant == null) {
            throw Problem.forbidden("The token has no claim tenant.");
        }
        return new Who(
                email == null ? token.getName() : email,
                tenant,
                token.getGroups() == null ? Set.of() : token.getGroups(),
                identity.getRoles());
    }

    /**
     * An identity.
     *
     * @param name a mail address; approvers and requesters are compared by it
     * @param groups from the token; empty for a stand-in, whose groups are the directory's
     * @param roles {@code requester}, {@code approver}, {@code operator}, {@code admin}
     */
    public record Who(String name, String tenant, Set<String> groups, Set<String> roles) {

        /** Whether this is the tenant's own, or may see all. */
        public boolean sees(String otherTenant) {
            return tenant.equals(otherTenant);
        }
    }
}
