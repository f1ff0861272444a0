package io.groundwork.runtime;

/** The stores of one machine in one partition. */
@FunctionalInterface
public interface Stores {

    /** @throws IllegalArgumentException if the machine did not declare the store */
    KeyValues store(String name);
}
