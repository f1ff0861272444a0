package io.groundwork.simulators.ec2;

import java.util.Map;

/**
 * A refusal in EC2's own terms: a code, its HTTP status and a message.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2: error codes</a>
 */
final class Ec2Exception extends RuntimeException {
    /** Codes that are not answered with 400. Those of 500 and above are the ones that clients retry. */
    private static final Map<String, Integer> STATUS = Map.ofEntries(
            Map.entry("AuthFailure", 401),
            Map.entry("MissingAuthenticationToken", 403),
            Map.entry("UnauthorizedOperation", 403),
            Map.entry("AccessDenied", 403),
            Map.entry("InvalidClientTokenId", 403),
            Map.entry("SignatureDoesNotMatch", 403),
            Map.entry("OptInRequired", 403),
            Map.entry("Blocked", 403),
            Map.entry("DryRunOperation", 412),
            Map.entry("RequestEntityTooLarge", 413),
            Map.entry("InsufficientAddressCapacity", 500),
            Map.entry("InsufficientCapacity", 500),
            Map.entry("InsufficientHostCapacity", 500),
            Map.entry("InsufficientInstanceCapacity", 500),
            Map.entry("InternalError", 500),
            Map.entry("InternalFailure", 500),
            Map.entry("ServiceUnavailable", 503),
            Map.entry("Unavailable", 503),
            Map.entry("RequestLimitExceeded", 503));

    private final String code;

    Ec2Exception(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }

    int status() {
        return STATUS.getOrDefault(code, 400);
    }

    static Ec2Exception invalidValue(String message) {
        return new Ec2Exception("InvalidParameterValue", message);
    }

    static Ec2Exception invalidValue(String parameter, String value, String expected) {
        return invalidValue("Value (" + value + ") for parameter " + parameter + " is invalid. " + expected);
    }

    static Ec2Exception missing(String parameter) {
        return new Ec2Exception("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static Ec2Exception noCapacity(String type, String zone) {
        return new Ec2Exception(
                "InsufficientInstanceCapacity",
                "We currently do not have sufficient " + type + " capacity in the Availability Zone you requested ("
                        + zone + "). Our system will be working on provisioning additional capacity.");
    }
}
