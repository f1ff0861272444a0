package io.groundwork.runtime;

/**
 * One thing that is wrong with what somebody sent.
 *
 * @param pointer where, as an RFC 6901 JSON pointer such as {@code /limits/vcpus}; empty for the whole
 * @param detail what is wrong, as a clause about that place: {@code must be 1 or more}
 */
public record Objection(String pointer, String detail) {}
