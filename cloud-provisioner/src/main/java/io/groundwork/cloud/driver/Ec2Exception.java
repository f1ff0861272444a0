package io.groundwork.cloud.driver;

import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import java.util.Map;
import java.util.Set;

/** A call to EC2 did not come to what was asked. */
public abstract sealed class Ec2Exception extends RuntimeException {

    private Ec2Exception(String message, Throwable cause) {
        super(message, cause);
    }

    private Ec2Exception(String message) {
        super(message);
    }

    /** As people are told of it: never with EC2's own text, which may name accounts, roles and policies. */
    public abstract Failure failure();

    /** EC2 answered, and its answer was no. */
    public static final class Refused extends Ec2Exception {

        /** Not shown yet, or not any more: EC2's answers are eventually consistent. */
        private static final Set<String> HIDDEN =
                Set.of("InvalidInstanceID.NotFound", "InvalidGroup.NotFound", "InvalidKeyPair.NotFound");

        private static final Map<String, FailureCategory> CATEGORIES = Map.ofEntries(
                Map.entry("InsufficientInstanceCapacity", FailureCategory.CAPACITY),
                Map.entry("InsufficientHostCapacity", FailureCategory.CAPACITY),
                Map.entry("InsufficientCapacity", FailureCategory.CAPACITY),
                Map.entry("InsufficientFreeAddressesInSubnet", FailureCategory.CAPACITY),
                Map.entry("RequestLimitExceeded", FailureCategory.THROTTLED),
                Map.entry("Throttling", FailureCategory.THROTTLED),
                Map.entry("ThrottlingException", FailureCategory.THROTTLED),
                Map.entry("InstanceLimitExceeded", FailureCategory.QUOTA),
                Map.entry("VcpuLimitExceeded", FailureCategory.QUOTA),
                Map.entry("MaxSpotInstanceCountExceeded", FailureCategory.QUOTA),
                Map.entry("VolumeLimitExceeded", FailureCategory.QUOTA),
                Map.entry("SecurityGroupLimitExceeded", FailureCategory.QUOTA),
                Map.entry("RulesPerSecurityGroupLimitExceeded", FailureCategory.QUOTA),
                Map.entry("AuthFailure", FailureCategory.AUTH),
                Map.entry("UnauthorizedOperation", FailureCategory.AUTH),
                Map.entry("AccessDenied", FailureCategory.AUTH),
                Map.entry("InvalidClientTokenId", FailureCategory.AUTH),
                Map.entry("SignatureDoesNotMatch", FailureCategory.AUTH),
                Map.entry("MissingAuthenticationToken", FailureCategory.AUTH),
                Map.entry("ExpiredToken", FailureCategory.AUTH),
                Map.entry("OptInRequired", FailureCategory.AUTH),
                Map.entry("DependencyViolation", FailureCategory.CONFLICT),
                Map.entry("IncorrectInstanceState", FailureCategory.CONFLICT),
                Map.entry("IdempotentInstanceTerminated", FailureCategory.CONFLICT),
                Map.entry("IdempotentParameterMismatch", FailureCategory.CONFLICT));

        private final String code;
        private final FailureCategory category;
        private final boolean retryable;
        private final boolean definite;

        /** @param definite whether certainly nothing was changed */
        public Refused(String code, FailureCategory category, boolean retryable, boolean definite) {
            super(code);
            this.code = code;
            this.category = category;
            this.retryable = retryable;
            this.definite = definite;
        }

        /**
         * A refusal by EC2's code and HTTP status.
         *
         * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2: error codes</a>
         */
        public static Refused of(String code, int status) {
            if (HIDDEN.contains(code)) {
                return new Refused(code, FailureCategory.PROVIDER, true, true);
            }
            var known = CATEGORIES.get(code);
            if (known != null) {
                return new Refused(code, known, retryable(known), true);
            }
            // a server's own error says nothing about what it did before
            return status >= 500
                    ? new Refused(code, FailureCategory.PROVIDER, true, false)
                    : new Refused(code, FailureCategory.VALIDATION, false, true);
        }

        private static boolean retryable(FailureCategory category) {
            return switch (category) {
                case CAPACITY, THROTTLED, CONFLICT, CONNECTIVITY, PROVIDER, TIMEOUT -> true;
                case VALIDATION, QUOTA, POLICY, AUTH, BUG -> false;
            };
        }

        public String code() {
            return code;
        }

        public FailureCategory category() {
            return category;
        }

        public boolean retryable() {
            return retryable;
        }

        public boolean definite() {
            return definite;
        }

        /** Whether the thing that the call named is not there, or not shown. */
        boolean notFound() {
            return HIDDEN.contains(code);
        }

        /** Whether what the call would make is there already. */
        boolean duplicate() {
            return code.endsWith(".Duplicate");
        }

        @Override
        public Failure failure() {
            return new Failure(category, text(category), code, retryable);
        }

        static String text(FailureCategory category) {
            return switch (category) {
                case CAPACITY -> "The cloud has no room for this machine at the moment.";
                case THROTTLED -> "The cloud takes fewer calls than are made.";
                case QUOTA -> "A limit of the cloud account is reached.";
                case AUTH -> "The cloud does not permit this to the chosen profile.";
                case VALIDATION -> "The cloud does not accept what was asked for.";
                case CONFLICT -> "Something in the cloud is still in the way.";
                case CONNECTIVITY -> "The cloud cannot be reached.";
                case TIMEOUT -> "The cloud did not answer in time.";
                case PROVIDER, POLICY, BUG -> "The cloud failed to do it.";
            };
        }
    }

    /** No answer came: it may have happened, or may still happen while the call's time lasts. */
    public static final class Unanswered extends Ec2Exception {

        public Unanswered(String message, Throwable cause) {
            super(message, cause);
        }

        public Unanswered(String message) {
            super(message);
        }

        @Override
        public Failure failure() {
            return new Failure(FailureCategory.CONNECTIVITY, Refused.text(FailureCategory.TIMEOUT), getMessage(), true);
        }
    }
}
