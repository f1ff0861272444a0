package io.groundwork.allocation.domain;

import java.util.HashSet;
import java.util.Set;

/** What claims that wait at the head of a queue will take, and nobody behind them may. */
final class Aside {

    final Set<String> servers = new HashSet<>();
    long addresses;

    long size() {
        return servers.size() + addresses;
    }
}
