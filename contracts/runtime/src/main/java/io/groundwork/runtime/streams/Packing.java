package io.groundwork.runtime.streams;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Values as they stand in a store and its changelog: a byte that names a dictionary, then a zstd frame. The states of a service are JSON of a
 * kilobyte that says nearly the same in every row; with a dictionary of it each is a fifth of that. A value without such a byte stands
 * there as it is, so rows of before are read as they are found and packed when they are written next.
 *
 * <p>A dictionary never changes, as rows refer to it for years: another way to say more is another dictionary under another number.
 */
final class Packing {

    /** No JSON begins with a control character, and what else is kept in rows is shorter than what is packed. */
    private static final byte FIRST_DICTIONARY = 1;

    /** What is shorter gains nothing worth the work. */
    private static final int SHORTEST = 64;
    /** Somewhat less than level 1 in the same few microseconds. */
    private static final int LEVEL = 3;

    private static final byte[] DICTIONARY = dictionary("rows-1.dictionary");
    private static final ZstdDictCompress TO_PACK = new ZstdDictCompress(DICTIONARY, LEVEL);
    private static final ZstdDictDecompress TO_UNPACK = new ZstdDictDecompress(DICTIONARY);

    /** A stream thread's own, as one takes some hundred kilobytes and is for one call at a time. */
    private static final ThreadLocal<ZstdCompressCtx> PACKER =
            ThreadLocal.withInitial(() -> new ZstdCompressCtx().setDictID(false).loadDict(TO_PACK));

    private static final ThreadLocal<ZstdDecompressCtx> UNPACKER =
            ThreadLocal.withInitial(() -> new ZstdDecompressCtx().loadDict(TO_UNPACK));

    static byte[] pack(byte[] value) {
        if (value.length < SHORTEST) {
            return value;
        }
        var packed = new byte[1 + (int) Zstd.compressBound(value.length)];
        packed[0] = FIRST_DICTIONARY;
        var length = PACKER.get().compressByteArray(packed, 1, packed.length - 1, value, 0, value.length);
        return Arrays.copyOf(packed, 1 + length);
    }

    /** What was packed; {@code stored} itself if it was not. */
    static byte[] unpack(byte[] stored) {
        if (stored.length < 2 || stored[0] != FIRST_DICTIONARY) {
            return stored;
        }
        var value = new byte[(int) Zstd.getFrameContentSize(stored, 1, stored.length - 1)];
        UNPACKER.get().decompressByteArray(value, 0, value.length, stored, 1, stored.length - 1);
        return value;
    }

    private static byte[] dictionary(String name) {
        try (var resource = Objects.requireNonNull(Packing.class.getResourceAsStream(name), name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private Packing() {}
}
