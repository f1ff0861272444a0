package io.groundwork.events;

/**
 * Who has a server, on {@link Topics#RESERVATIONS} under its id. Written by allocation-service alone. A record whose fence is not
 * newer than the newest heard changes nothing, but for the release of that very fence.
 *
 * @param fence of the grant; a server's fences only climb
 */
public record Reservation(String server, long fence, Holder holder, Kind kind) {

    /** The {@code ce_type} of a reservation. */
    public static final String TYPE = "server-reservation";

    /**
     * The instance that a server is for.
     *
     * @param sequence of the request that claimed it
     */
    public record Holder(ResourceId resource, long sequence, String component, int index) {}

    /** What happened. */
    public enum Kind {
        RESERVED,
        RELEASED
    }
}
