package io.groundwork.simulators.ec2;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Who may call: the configured access key, and the temporary ones that {@code AssumeRole} hands out. A temporary key's
 * secret and rights follow from its session token and the configured secret, so they need not be kept and hold across a
 * restart.
 */
final class Credentials {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String account;
    private final String accessKey;
    private final String secretKey;

    Credentials(String account, String accessKey, String secretKey) {
        this.account = account;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /** Who made a call. */
    record Identity(String account, String userId, String arn) {}

    /** Temporary credentials, as STS hands them out. */
    record Session(String accessKey, String secretKey, String token, Instant expiration, Identity identity) {}

    /** @throws Ec2Exception {@code AuthFailure} or a neighbour if the signature is not by one who may call */
    Identity authenticate(Signature signature, Signature.SignedRequest request, Instant now) {
        var token = signature.sessionToken();
        var secret = token.isPresent() ? sessionSecret(signature.accessKey()) : secretKey;
        var identity = token.isPresent()
                ? session(token.get(), signature.accessKey(), now)
                : Optional.of(new Identity(account, "AIDAGROUNDWORK", "arn:aws:iam::" + account + ":user/groundwork"))
                        .filter(root -> signature.accessKey().equals(accessKey));
        return identity.filter(known -> signature.isBy(secret, request))
                .orElseThrow(() -> new Ec2Exception(
                        "AuthFailure", "AWS was not able to validate the provided access credentials"));
    }

    Session assume(String roleArn, String sessionName, Duration duration, Instant now) {
        var key = "ASIA" + Ids.capitals(16);
        var expiration = Instant.ofEpochSecond(now.plus(duration).getEpochSecond());
        var payload = String.join("|", key, roleArn, sessionName, Long.toString(expiration.getEpochSecond()));
        var token = BASE64.encodeToString(Signature.utf8(payload)) + "." + seal(payload);
        return new Session(key, sessionSecret(key), token, expiration, identity(roleArn, sessionName));
    }

    private Optional<Identity> session(String token, String key, Instant now) {
        var dot = token.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String payload;
        try {
            payload = new String(Base64.getUrlDecoder().decode(token.substring(0, dot)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        var parts = payload.split("\\|", -1);
        if (!MessageDigest.isEqual(Signature.utf8(seal(payload)), Signature.utf8(token.substring(dot + 1)))
                || !parts[0].equals(key)) {
            return Optional.empty();
        }
        if (Long.parseLong(parts[3]) <= now.getEpochSecond()) {
            throw new Ec2Exception("RequestExpired", "Request has expired.");
        }
        return Optional.of(identity(parts[1], parts[2]));
    }

    private static Identity identity(String roleArn, String sessionName) {
        var account = roleArn.split(":", -1)[4];
        var role = roleArn.substring(roleArn.indexOf('/') + 1);
        return new Identity(
                account,
                "AROA" + Ids.derivedCapitals(roleArn, 16) + ":" + sessionName,
                "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + sessionName);
    }

    private String sessionSecret(String key) {
        return BASE64.encodeToString(Signature.hmac(Signature.utf8(secretKey), "secret " + key))
                .substring(0, 40);
    }

    private String seal(String payload) {
        return BASE64.encodeToString(Signature.hmac(Signature.utf8(secretKey), "token " + payload));
    }
}
