package io.groundwork.iam.api;

import io.groundwork.events.Directory.Tenant;
import io.groundwork.events.Directory.User;
import io.groundwork.iam.domain.DirectoryKinds;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.rest.Administration;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Tenants, which the administrators of one of them, the home tenant, add. What is in a tenant is its own administrators' matter:
 * those of the home tenant name the first of them, and see nothing else of it.
 */
@Path("/v1/tenants/{tenant}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Directory")
@RunOnVirtualThread
public class TenantsApi {

    private static final EntryKind<Asked> SHAPE =
            new EntryKind<>("tenants", DirectoryKinds.TENANTS.names(), Asked.class, (name, asked, table) -> List.of());

    private final Administration administration;
    private final Caller caller;
    private final Optional<String> home;

    @Inject
    public TenantsApi(
            Administration administration,
            Caller caller,
            @ConfigProperty(name = "iam.home-tenant") Optional<String> home) {
        this.administration = administration;
        this.caller = caller;
        this.home = home;
    }

    /**
     * A tenant as a PUT takes it.
     *
     * @param admin the mail address of who may administer it; absent where tokens say so, or somebody may already
     */
    public record Asked(String description, @Nullable String admin) {}

    @GET
    @Operation(summary = "A tenant: the caller's own, or any for administrators of the home tenant")
    public Tenant get(@PathParam("tenant") String tenant) {
        return administration
                .find(DirectoryApi.TABLE, DirectoryKinds.TENANTS, tenant)
                .filter(known -> caller.who().sees(tenant) || administersTenants())
                .orElseThrow(() -> Problem.notFound("There is no " + DirectoryKinds.TENANTS.key(tenant) + "."));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Adds or describes a tenant, and names who may administer it",
            description = "For administrators of the home tenant. The same again is safe.")
    public Tenant put(@PathParam("tenant") String tenant, byte[] body) {
        caller.with(Caller.ADMIN);
        if (!administersTenants()) {
            throw Problem.forbidden(home.map(name -> "Only administrators of tenant " + name + " add tenants.")
                    .orElse("Nobody adds tenants here: iam.home-tenant is not set."));
        }
        var asked = administration.read(SHAPE, body);
        var admin = asked.admin();
        var appointed = admin == null ? null : appointed(tenant, admin);
        var entry =
                administration.put(DirectoryApi.TABLE, DirectoryKinds.TENANTS, tenant, new Tenant(asked.description()));
        if (admin != null && appointed != null) {
            administration.put(DirectoryApi.TABLE, DirectoryKinds.USERS, admin, appointed);
        }
        return entry;
    }

    private boolean administersTenants() {
        var who = caller.who();
        return who.roles().contains(Caller.ADMIN)
                && home.filter(who.tenant()::equals).isPresent();
    }

    /** The user with the role beside those that it has. */
    private User appointed(String tenant, String admin) {
        if (!DirectoryKinds.USERS.names().matcher(admin).matches()) {
            throw wrong("must be a mail address, such as admin@" + tenant + ".example");
        }
        var known = administration.find(DirectoryApi.TABLE, DirectoryKinds.USERS, admin);
        if (known.filter(user -> !user.tenant().equals(tenant)).isPresent()) {
            throw wrong("the name " + admin + " is taken");
        }
        var roles = new TreeSet<>(known.map(User::roles).orElse(List.of()));
        roles.add(Caller.ADMIN);
        return new User(
                tenant,
                known.map(User::name).orElseGet(() -> admin.substring(0, admin.indexOf('@'))),
                List.copyOf(roles));
    }

    private static Problem wrong(String detail) {
        return Problem.invalid(List.of(new Problem.FieldError("/admin", detail)));
    }
}
