package io.groundwork.simulators.ec2;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A RunInstances call that had a client token, so that its repetition is known.
 *
 * <p>The same token and the same parameters: the same instances. Other parameters: {@code IdempotentParameterMismatch}. All
 * its instances terminated: {@code IdempotentInstanceTerminated}, which EC2 documents as the error for a token "for which
 * the instance has been terminated" and answers since January 2025 (before, it answered with the terminated instance). A
 * launch of several of which some still live is answered with all of them; EC2's documentation leaves that open.
 *
 * @param id see {@link #id(String, String)}
 * @param fingerprint a digest of the parameters
 * @param expiresAt when the token is free again; null while any of its instances is remembered
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">EC2: Ensuring idempotency</a>
 * @see <a href="https://github.com/boto/boto3/issues/4406">boto3#4406, on terminated instances</a>
 */
record Launch(
        String id,
        String fingerprint,
        String reservationId,
        List<String> instanceIds,
        @Nullable Instant expiresAt) implements Resource.Hidden {
    /** "A client token is valid for at least 24 hours after the termination of the instance." */
    static final Duration VALID_AFTER_TERMINATION = Duration.ofHours(24);

    /**
     * The scope of a token: the availability zone where the call names one (or a subnet), the region where it does not.
     *
     * @param zone the zone that was named, or the empty string
     */
    static String id(String zone, String clientToken) {
        return zone + "/" + clientToken;
    }

    Launch expiring(Instant at) {
        return new Launch(id, fingerprint, reservationId, instanceIds, at);
    }
}
