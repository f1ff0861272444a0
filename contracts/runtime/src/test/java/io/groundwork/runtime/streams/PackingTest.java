package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PackingTest {

    private static final String WAITING = """
            {"saga":{"closed":3,"active":{"request":"47105c06-1dde-479e-a985-74576359a4e8","sequence":4,"operation":"deploy",\
            "requester":"ann@umbrella.example","plan":{"steps":[{"id":"approve","kind":"approve","owner":"approval","needs":[],\
            "undo":"NONE","onFailure":"COMPENSATE","timeout":"PT5H30S","input":{"for":"elsewhere"}},{"id":"allocate",\
            "kind":"allocate","owner":"allocation","needs":["approve"],"undo":"OWNER","onFailure":"COMPENSATE","timeout":"PT2M",\
            "input":{"for":"allocate","claims":[{"pool":"quota/umbrella/lab","amounts":{"instances":1,"memoryGiB":4,"vcpus":2}}]}}]},\
            "digest":"sha256:e0a6ea12b758898ccdad2d01fa5252ce18944ecb6fa1e01b9202ef3abd3fc3e3","steps":{},"turned":false,\
            "closed":false},"early":[]},"state":{"holds":[]},"proofs":{},"verified":false,"timers":{},"published":0}""";

    @Property
    void shouldGiveBackWhatWasPacked(@ForAll String text) {
        var value = ("{" + text).getBytes(UTF_8);
        assertThat(Packing.unpack(Packing.pack(value))).isEqualTo(value);
    }

    @Example
    void shouldMakeAStateAThirdOfItselfOrLess() {
        var value = WAITING.getBytes(UTF_8);
        assertThat(Packing.pack(value)).hasSizeLessThan(value.length / 3);
        assertThat(Packing.unpack(Packing.pack(value))).isEqualTo(value);
    }

    @Example
    void shouldReadWhatWasWrittenUnpacked() {
        assertThat(Packing.unpack(WAITING.getBytes(UTF_8))).asString(UTF_8).isEqualTo(WAITING);
        assertThat(Packing.unpack(new byte[] {1})).containsExactly(1);
        assertThat(Packing.unpack(new byte[0])).isEmpty();
    }

    /** Rows that stand refer to it: what is to be said more goes to another one. */
    @Example
    void shouldKeepItsFirstDictionaryForEver() throws IOException, NoSuchAlgorithmException {
        try (var dictionary = Objects.requireNonNull(Packing.class.getResourceAsStream("rows-1.dictionary"))) {
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(dictionary.readAllBytes())))
                    .isEqualTo("44397fe314047bb06554c7d92b24f844841ca0d0e27ad9f069d46fbfdd5930e6");
        }
    }
}
