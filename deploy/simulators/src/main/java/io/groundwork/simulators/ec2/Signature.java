package io.groundwork.simulators.ec2;

import com.sun.net.httpserver.Headers;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a request by AWS Signature Version 4, in the header {@code Authorization} or in the query.
 *
 * @param day the day of the credential scope, {@code yyyyMMdd}
 * @param time the time that was signed, {@code yyyyMMdd'T'HHmmss'Z'}
 * @param headers the names of the headers that were signed, in lower case and sorted
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS: Create a
 *     signed request</a>
 */
record Signature(
        String accessKey,
        String day,
        String region,
        String service,
        String time,
        List<String> headers,
        Optional<String> sessionToken,
        String value) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** What was sent, as far as it is signed: the path is always {@code /}, the hash is SHA-256 in hexadecimal. */
    record SignedRequest(String method, @Nullable String rawQuery, Headers headers, String bodyHash) {}

    /** The signature that a request carries; none if it carries none, or one of another kind. */
    static Optional<Signature> of(SignedRequest request) {
        var header = request.headers.getFirst("Authorization");
        if (header != null && header.startsWith(ALGORITHM + " ")) {
            var parts = Arrays.stream(header.substring(ALGORITHM.length()).split(","))
                    .map(part -> part.trim().split("=", 2))
                    .filter(part -> part.length == 2)
                    .collect(Collectors.toMap(part -> part[0], part -> part[1], (first, second) -> first));
            return of(
                    parts.get("Credential"),
                    parts.get("SignedHeaders"),
                    parts.get("Signature"),
                    request.headers.getFirst("X-Amz-Date"),
                    request.headers.getFirst("X-Amz-Security-Token"));
        }
        var query = query(request.rawQuery);
        return of(
                query.get("X-Amz-Credential"),
                query.get("X-Amz-SignedHeaders"),
                query.get("X-Amz-Signature"),
                query.get("X-Amz-Date"),
                query.get("X-Amz-Security-Token"));
    }

    private static Optional<Signature> of(
            @Nullable String credential,
            @Nullable String headers,
            @Nullable String signature,
            @Nullable String time,
            @Nullable String sessionToken) {
        if (credential == null || headers == null || signature == null || time == null) {
            return Optional.empty();
        }
        var scope = credential.split("/", -1);
        return scope.length != 5
                ? Optional.empty()
                : Optional.of(new Signature(
                        scope[0],
                        scope[1],
                        scope[2],
                        scope[3],
                        time,
                        List.of(headers.split(";")),
                        Optional.ofNullable(sessionToken),
                        signature));
    }

    /** Whether the request was signed with this secret. */
    boolean isBy(String secret, SignedRequest request) {
        var scope = day + "/" + region + "/" + service + "/aws4_request";
        var toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hex(sha256(utf8(canonical(request))));
        var key = hmac(hmac(hmac(hmac(utf8("AWS4" + secret), day), region), service), "aws4_request");
        return MessageDigest.isEqual(utf8(hex(hmac(key, toSign))), utf8(value));
    }

    private String canonical(SignedRequest request) {
        var query = query(request.rawQuery).entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals("X-Amz-Signature"))
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .sorted()
                .collect(Collectors.joining("&"));
        var lines = headers.stream()
                .map(name -> name + ":" + String.join(",", values(request.headers, name)) + "\n")
                .collect(Collectors.joining());
        return request.method + "\n/\n" + query + "\n" + lines + "\n" + String.join(";", headers) + "\n"
                + request.bodyHash;
    }

    private static List<String> values(Headers headers, String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .map(value -> value.trim().replaceAll(" +", " "))
                .toList();
    }

    private static Map<String, String> query(@Nullable String raw) {
        var parameters = new TreeMap<String, String>();
        for (var pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            var parts = pair.split("=", 2);
            parameters.put(decode(parts[0]), parts.length < 2 ? "" : decode(parts[1]));
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** As RFC 3986 has it, which differs from a form's encoding in three characters. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
