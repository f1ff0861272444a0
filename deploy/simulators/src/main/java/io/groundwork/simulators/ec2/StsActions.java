package io.groundwork.simulators.ec2;

import java.time.Duration;

/** The two calls of STS that a client of EC2 makes before it calls EC2. */
final class StsActions {
    private static final int SHORTEST_SECONDS = 900;
    private static final int LONGEST_SECONDS = 12 * 3_600;

    private final Credentials credentials;

    StsActions(Credentials credentials) {
        this.credentials = credentials;
    }

    /** Any role of any account may be assumed: the simulator has no policies. */
    void assumeRole(Call call, Xml answer) {
        var role = call.parameters().required("RoleArn");
        var name = call.parameters().required("RoleSessionName");
        var seconds = call.parameters().integer("DurationSeconds").orElse(3_600);
        check("roleArn", role, "arn:aws:iam::\\d{12}:role/[\\w+=,.@/-]+");
        check("roleSessionName", name, "[\\w+=,.@-]{2,64}");
        if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
            throw new Ec2Exception(
                    "ValidationError",
                    "Value " + seconds + " at 'durationSeconds' failed to satisfy constraint: must be from "
                            + SHORTEST_SECONDS + " to " + LONGEST_SECONDS);
        }
        var session = credentials.assume(role, name, Duration.ofSeconds(seconds), call.now());
        answer.nested(
                        "AssumedRoleUser",
                        user -> user.text("AssumedRoleId", session.identity().userId())
                                .text("Arn", session.identity().arn()))
                .nested(
                        "Credentials",
                        keys -> keys.text("AccessKeyId", session.accessKey())
                                .text("SecretAccessKey", session.secretKey())
                                .text("SessionToken", session.token())
                                .text("Expiration", session.expiration()))
                .text("PackedPolicySize", 0);
    }

    void getCallerIdentity(Call call, Xml answer) {
        answer.text("Arn", call.identity().arn())
                .text("UserId", call.identity().userId())
                .text("Account", call.identity().account());
    }

    private static void check(String parameter, String value, String pattern) {
        if (!value.matches(pattern)) {
            throw new Ec2Exception(
                    "ValidationError",
                    "Value '" + value + "' at '" + parameter + "' failed to satisfy constraint: must match the pattern "
                            + pattern);
        }
    }
}
