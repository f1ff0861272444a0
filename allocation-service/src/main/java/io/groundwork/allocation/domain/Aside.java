package io.groundwork.allocation.domain;

import java.util.HashSet;
import java.util.Set;

/** What claims that wait at the head of a queue will take, and nobody behind them may. */
final class Aside {

    final Set<String> servers = new HashSet<>();
    long addresses;

    Aside copy() {
        var copy = new Aside();
        copy.servers.addAll(servers);
        copy.addresses = addresses;
        return copy;
    }

    long size() {
        return servers.size() + addresses;
    }
}
