package io.groundwork.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** SHA-256 over canonical JSON (RFC 8785): the one way in which designs, plans and approvals are named by their content. */
public final class Digests {

    /** The digest of {@code value}'s canonical JSON, as {@code sha256:<64 hex digits>}. */
    public static String of(Object value) {
        return "sha256:" + HexFormat.of().formatHex(sha256(canonical(value)));
    }

    /** The canonical JSON (RFC 8785) of {@code value}, UTF-8: the bytes that digests name and proofs sign. */
    public static byte[] canonical(Object value) {
        try {
            return new JsonCanonicalizer(Json.write(value)).getEncodedUTF8();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Digests() {}
}
