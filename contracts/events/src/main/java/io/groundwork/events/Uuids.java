package io.groundwork.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Name-based UUIDs (RFC 9562, version 8 over SHA-256), so that any repetition of a thing carries the same id. */
public final class Uuids {

    /** A UUID of the parts in their order; parts that differ in any way give another one. */
    public static UUID named(String... parts) {
        var text = new StringBuilder();
        for (var part : parts) {
            // the length first: ("a", "bc") and ("ab", "c") are two names
            text.append(part.length()).append(':').append(part);
        }
        var hash = ByteBuffer.wrap(Digests.sha256(text.toString().getBytes(UTF_8)));
        var high = (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L;
        var low = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private Uuids() {}
}
