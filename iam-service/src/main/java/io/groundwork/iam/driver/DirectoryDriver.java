package io.groundwork.iam.driver;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.ResourceId;
import io.groundwork.iam.domain.GrantSpecification;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one grant stand in the directory, or go. A grant that the group may not have fails for good ({@code AUTH}); a directory
 * that does not answer is asked again. One call is all there is to it, so there is no checkpoint.
 */
public final class DirectoryDriver implements Driver<GrantSpecification, Void> {

    private final Grants grants;
    private final Groups groups;

    public DirectoryDriver(Grants grants, Groups groups) {
        this.grants = grants;
        this.groups = groups;
    }

    @Override
    public Class<GrantSpecification> specification() {
        return GrantSpecification.class;
    }

    @Override
    public Class<Void> checkpoint() {
        return Void.class;
    }

    @Override
    public Progress<Void> advance(Operation<GrantSpecification, Void> operation) {
        var grant = operation.specification();
        var objection = objection(grant.resource(), grant.access());
        if (objection.isPresent()) {
            return new Progress.Failed<>(null, Failure.permanent(FailureCategory.AUTH, objection.get()));
        }
        return write(
                operation,
                () -> grants.stand(
                        operation.id(),
                        grant.resource(),
                        grant.access(),
                        operation.work().fence()),
                grant.access());
    }

    /** Whatever the directory says of the group by now: what was granted goes. */
    @Override
    public Progress<Void> undo(Operation<GrantSpecification, Void> operation) {
        var grant = operation.specification();
        return write(
                operation,
                () -> grants.remove(
                        operation.id(),
                        grant.resource(),
                        grant.access(),
                        operation.work().fence()),
                null);
    }

    private static Progress<Void> write(
            Operation<GrantSpecification, Void> operation, BooleanSupplier call, @Nullable Object outputs) {
        try {
            if (operation.mutate(call::getAsBoolean)) {
                return new Progress.Done<>(null, outputs);
            }
            // nobody waits for this answer: a newer work is out
            return new Progress.Failed<>(
                    null,
                    new Failure(
                            FailureCategory.CONFLICT,
                            "The grant was taken over by newer work.",
                            "fence " + operation.work().fence(),
                            true));
        } catch (Grants.Unavailable unavailable) {
            operation.unanswered();
            return new Progress.Failed<>(
                    null,
                    new Failure(
                            FailureCategory.CONNECTIVITY,
                            "The directory does not answer.",
                            String.valueOf(unavailable.getMessage()),
                            true));
        }
    }

    private Optional<String> objection(ResourceId resource, AccessGrant access) {
        var group = groups.group(access.group());
        // another tenant's groups do not exist here
        if (group.isEmpty() || !group.get().tenant().equals(resource.tenant())) {
            return Optional.of("There is no group " + access.group() + " in tenant " + resource.tenant() + ".");
        }
        var roles = new TreeSet<>(group.get().roles());
        return roles.contains(access.role())
                ? Optional.empty()
                : Optional.of("Group " + access.group() + " may not hold role " + access.role() + "; it may hold "
                        + (roles.isEmpty() ? "none" : String.join(", ", roles)) + ".");
    }
}
