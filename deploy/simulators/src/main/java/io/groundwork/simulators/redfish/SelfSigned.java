package io.groundwork.simulators.redfish;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Makes a certificate (RFC 5280) for this machine, in DER by hand: the JDK has a way only in a program of its own. */
final class SelfSigned {
    private static final Duration VALID = Duration.ofDays(3_650);
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OID = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0xa0;

    private static final byte[] ECDSA_WITH_SHA256 = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final byte KEY_IDENTIFIER = 14;
    private static final byte KEY_USAGE = 15;
    private static final byte ALTERNATIVE_NAMES = 17;
    private static final byte BASIC_CONSTRAINTS = 19;
    private static final byte[] TRUE = {(byte) 0xff};
    /** For signatures of its own and of certificates; two bits are unused. */
    private static final byte[] USAGES = {2, (byte) 0x84};

    private SelfSigned() {}

    /** @param keys on an elliptic curve */
    static X509Certificate certificate(KeyPair keys, String name, Instant now) throws GeneralSecurityException {
        var algorithm = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
        var subject = der(
                SEQUENCE,
                der(
                        SET,
                        der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8)))));
        var key = keys.getPublic().getEncoded();
        var extensions = der(
                SEQUENCE,
                extension(BASIC_CONSTRAINTS, der(SEQUENCE, der(BOOLEAN, TRUE))),
                extension(KEY_USAGE, der(BIT_STRING, USAGES)),
                extension(
                        KEY_IDENTIFIER,
                        der(OCTET_STRING, MessageDigest.getInstance("SHA-1").digest(key))),
                extension(ALTERNATIVE_NAMES, names()));
        var content = der(
                SEQUENCE,
                der(CONSTRUCTED, der(INTEGER, new byte[] {2})),
                der(INTEGER, new BigInteger(63, new SecureRandom()).toByteArray()),
                algorithm,
                subject,
                der(SEQUENCE, time(now.minus(Duration.ofDays(1))), time(now.plus(VALID))),
                subject,
                key,
                der(CONSTRUCTED | 3, extensions));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        var whole = der(SEQUENCE, content, algorithm, der(BIT_STRING, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    /** localhost by its name and addresses. */
    private static byte[] names() {
        var loopback6 = new byte[16];
        loopback6[15] = 1;
        return der(
                SEQUENCE,
                der(CONTEXT | 2, "localhost".getBytes(StandardCharsets.US_ASCII)),
                der(CONTEXT | 7, new byte[] {127, 0, 0, 1}),
                der(CONTEXT | 7, loopback6));
    }

    /** The identifiers differ in the last number only. Who does not know the extension may go on, but for the first two. */
    private static byte[] extension(byte number, byte[] value) {
        var oid = der(OID, new byte[] {0x55, 0x1d, number});
        var isCritical = number == BASIC_CONSTRAINTS || number == KEY_USAGE;
        return der(SEQUENCE, oid, isCritical ? der(BOOLEAN, TRUE) : new byte[0], der(OCTET_STRING, value));
    }

    private static byte[] time(Instant at) {
        return der(UTC, UTC_TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        var length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > 255) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 127) {
            out.write(0x81);
        }
        out.write(length);
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
