package io.groundwork.simulators.ec2;

import java.util.concurrent.ThreadLocalRandom;

/** Ids in the forms that EC2 gives them. */
final class Ids {
    private static final String HEX = "0123456789abcdef";
    private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Ids() {}

    /** A new id, such as {@code i-0a1b2c3d4e5f60718}. */
    static String next(String prefix) {
        return prefix + "-0" + random(HEX, 16);
    }

    /** The id that always belongs to {@code seed}. */
    static String derived(String prefix, String seed) {
        return prefix + "-0"
                + Signature.hex(Signature.sha256(Signature.utf8(seed))).substring(0, 16);
    }

    static String capitals(int length) {
        return random(CAPITALS, length);
    }

    static String derivedCapitals(String seed, int length) {
        var hash = Signature.sha256(Signature.utf8(seed));
        var text = new StringBuilder();
        for (var i = 0; i < length; i++) {
            text.append(CAPITALS.charAt(hash[i] & 31));
        }
        return text.toString();
    }

    private static String random(String letters, int length) {
        var random = ThreadLocalRandom.current();
        var text = new StringBuilder();
        for (var i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
