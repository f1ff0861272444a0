package io.groundwork.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.spec.GCMParameterSpec;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The small things that go by value: ids, digests, seals, plans. */
class ValuesTest {

    @Example
    void shouldParseAResourceAndSayWhatIsWrongWithABadOne() {
        assertThat(ResourceId.parse("acme/payments/web-prod"))
                .isEqualTo(new ResourceId("acme", "payments", "web-prod"))
                .hasToString("acme/payments/web-prod");
        for (var bad : List.of("", "acme", "acme/payments", "acme/payments/web/1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ResourceId.parse(bad))
                    .withMessageContaining("tenant/project/name");
        }
        for (var bad : List.of("Web", "-web", "web-", "we_b", "web#1", "we|b", "", "a".repeat(64), "wéb", "web\n")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ResourceId.parse("acme/payments/" + bad))
                    .withMessageContaining("resource's name");
        }
        assertThat(ResourceId.parse("a/b/" + "a".repeat(63)).name()).hasSize(63);
    }

    @Example
    void shouldNameTheSameContentBySameDigestWhateverTheOrderOfItsFields() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("b", 1);
        one.put("a", List.of(1, 2));
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("a", List.of(1, 2));
        other.put("b", 1);

        assertThat(new String(Digests.canonical(one), UTF_8)).isEqualTo("{\"a\":[1,2],\"b\":1}");
        assertThat(Digests.of(one)).isEqualTo(Digests.of(other)).matches("sha256:[0-9a-f]{64}");
        assertThat(Digests.of(Map.of("a", List.of(2, 1), "b", 1))).isNotEqualTo(Digests.of(one));
    }

    /** RFC 8785, section 3.2.3: by UTF-16 code units, and numbers as ECMAScript writes them. */
    @Example
    void shouldBeCanonicalAsTheRfcSays() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("\u20ac", 333333333.3333333);
        value.put("\r", 1E30);
        value.put("1", "<\u000f");

        assertThat(new String(Digests.canonical(value), UTF_8))
                .isEqualTo("{\"\\r\":1e+30,\"1\":\"<\\u000f\",\"\u20ac\":333333333.3333333}");
    }

    @Example
    void shouldKeepAPlansDigestThroughTheWire() {
        assertThat(Json.read(Json.write(Samples.PLAN), Plan.class).digest()).isEqualTo(Samples.PLAN.digest());
    }

    @Example
    void shouldRefuseAPlanThatIsNoOrderedGraph() {
        var steps = Samples.PLAN.steps();
        assertThatIllegalArgumentException().isThrownBy(() -> new Plan(steps.reversed()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Plan(List.of(steps.getFirst(), steps.getFirst())));
    }

    @Property(tries = 100)
    void shouldNameDifferentPartsDifferently(@ForAll String one, @ForAll String other) {
        var name = Uuids.named(one, other);
        assertThat(name).isEqualTo(Uuids.named(one, other)).isNotEqualTo(Uuids.named(one + other));
        assertThat(name.version()).isEqualTo(8);
        assertThat(name.variant()).isEqualTo(2);
        if (!one.equals(other)) {
            assertThat(name).isNotEqualTo(Uuids.named(other, one));
        }
    }

    @Example
    void shouldGiveARepeatedPostTheSameRequest() {
        assertThat(RequestId.of("acme", "key-1")).isEqualTo(RequestId.of("acme", "key-1"));
        assertThat(RequestId.of("acme", "key-1")).isNotEqualTo(RequestId.of("umbrella", "key-1"));
        var id = new UUID(1, 2).toString();
        assertThat(RequestId.parse(id)).hasToString(id);
    }

    @Property(tries = 30)
    void shouldOpenOnlyWhatIsSealedForItsKeyAndNotChanged(@ForAll String text) throws NoSuchAlgorithmException {
        var reader = keys();
        var sealed = Seal.seal(text, publicKey(reader));

        assertThat(Seal.open(sealed, privateKey(reader))).isEqualTo(new String(text.getBytes(UTF_8), UTF_8));
        assertThat(Seal.seal(text, publicKey(reader))).isNotEqualTo(sealed);
        assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(sealed, privateKey(keys())));
        var bytes = Base64.getDecoder().decode(sealed.substring("hpke:".length()));
        bytes[bytes.length - 1] ^= 1;
        var changed = "hpke:" + Base64.getEncoder().encodeToString(bytes);
        assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(changed, privateKey(reader)));
    }

    /** Webhooks of requests that were accepted before stand so in their events. */
    @Example
    void shouldOpenWhatWasSealedBeforeThereWasHpke() throws GeneralSecurityException {
        var reader = keys();
        var encapsulated =
                KEM.getInstance("DHKEM").newEncapsulator(reader.getPublic()).encapsulate(0, 32, "AES");
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, encapsulated.key(), new GCMParameterSpec(128, new byte[12]));
        var box = new ByteArrayOutputStream();
        box.writeBytes(encapsulated.encapsulation());
        box.writeBytes(cipher.doFinal("text".getBytes(UTF_8)));
        var sealed = Base64.getEncoder().encodeToString(box.toByteArray());

        assertThat(Seal.open(sealed, privateKey(reader))).isEqualTo("text");
        assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(sealed, privateKey(keys())));
    }

    @Example
    void shouldShowOfAUrlOnlyWhereItLeads() throws NoSuchAlgorithmException {
        var reader = keys();
        var url = "https://Hooks.example:8443/T1/B2/token?sig=token";
        var sealed = SealedUrl.of(url, publicKey(reader));

        assertThat(sealed.origin()).isEqualTo("https://hooks.example:8443");
        assertThat(Json.write(sealed)).asString(UTF_8).doesNotContain("token");
        assertThat(Seal.open(sealed.box(), privateKey(reader))).isEqualTo(url);
        for (var bad : List.of(
                "http://user:token@a.example/x",
                "http://us@er:token@a.example",
                "http://a.example/b|token",
                "http://a.example?token",
                "http://a.example#token@b.example")) {
            assertThat(SealedUrl.origin(bad)).as(bad).isEqualTo("http://a.example");
        }
        for (var bad : List.of("", "token", "http:///token", "mailto:token@a.example", "http://a\ntoken")) {
            assertThat(SealedUrl.origin(bad)).as(bad).isEqualTo("?");
        }
    }

    @Example
    void shouldRefuseToOpenWhatIsNoSealOrToSealForWhatIsNoKey() throws NoSuchAlgorithmException {
        var reader = keys();
        for (var bad : List.of("", "AAAA", "not base64!")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(bad, privateKey(reader)));
            assertThatIllegalArgumentException().isThrownBy(() -> Seal.seal("text", bad));
        }
    }

    private static KeyPair keys() throws NoSuchAlgorithmException {
        return KeyPairGenerator.getInstance("X25519").generateKeyPair();
    }

    private static String publicKey(KeyPair keys) {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    private static String privateKey(KeyPair keys) {
        return Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded());
    }
}
