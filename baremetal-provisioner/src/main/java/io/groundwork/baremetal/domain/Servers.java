package io.groundwork.baremetal.domain;

import java.util.List;

/** The servers that a resource has. */
public record Servers(List<String> ids) {

    static final Servers NONE = new Servers(List.of());

    public Servers {
        ids = List.copyOf(ids);
    }
}
