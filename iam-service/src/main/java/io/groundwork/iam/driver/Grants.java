package io.groundwork.iam.driver;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.ResourceId;
import java.util.List;

/**
 * Where grants stand. Each write carries the fence of the work that makes it: one under an older fence than the last changes
 * nothing, so what a worker thaws to write when others have gone on is lost.
 */
public interface Grants {

    /**
     * Makes a grant stand. Again with the same fence, or a newer one, it stands still.
     *
     * @return whether it was written; false if a newer fence was there before
     * @throws Unavailable if there was no answer; it may stand all the same
     */
    boolean stand(String operation, ResourceId resource, AccessGrant access, long fence);

    /**
     * Takes a grant away, whether or not it stood.
     *
     * @return whether it was written; false if a newer fence was there before
     * @throws Unavailable if there was no answer; it may be gone all the same
     */
    boolean remove(String operation, ResourceId resource, AccessGrant access, long fence);

    /** What stands through {@code resource}, by group and role. */
    List<AccessGrant> of(ResourceId resource);

    /** The back end did not answer. */
    final class Unavailable extends RuntimeException {
        public Unavailable(Throwable cause) {
            super(cause);
        }
    }
}
