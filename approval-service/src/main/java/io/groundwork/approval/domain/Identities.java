package io.groundwork.approval.domain;

import java.util.Locale;

/** Who is who: people are told apart by mail address, whose case says nothing. */
final class Identities {

    static boolean same(String one, String other) {
        return normal(one).equals(normal(other));
    }

    static String normal(String address) {
        return address.strip().toLowerCase(Locale.ROOT);
    }

    private Identities() {}
}
