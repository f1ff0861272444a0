package io.groundwork.approval.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final Links.Grant GRANT = new Links.Grant(
            World.request(1),
            World.RESOURCE,
            World.APPROVE,
            World.LEAD,
            World.plan(List.of(World.LEAD), 1).digest(),
            Instant.parse("2026-01-05T10:02:00.123Z"));

    @Test
    void shouldReadWhatItWrote() {
        assertThat(World.LINKS.read(World.LINKS.token(GRANT))).contains(GRANT);
        assertThat(World.LINKS.url(GRANT)).matches("http://localhost:8081/approvals/[A-Za-z0-9_-]+");
    }

    @Test
    void shouldRefuseATokenWithAnyBitChanged() {
        var bytes = Base64.getUrlDecoder().decode(World.LINKS.token(GRANT));
        for (var bit = 0; bit < bytes.length * 8; bit++) {
            var changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            var token = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThat(World.LINKS.read(token)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void shouldRefuseAnotherSpellingOfAToken() {
        var token = World.LINKS.token(GRANT);
        assertThat(World.LINKS.read(token + "=")).isEmpty();
        assertThat(World.LINKS.read(token + "A")).isEmpty();
        assertThat(World.LINKS.read(token.substring(0, token.length() - 1))).isEmpty();
        for (var last : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
            var changed = token.substring(0, token.length() - 1) + last;
            assertThat(changed.equals(token) || World.LINKS.read(changed).isEmpty())
                    .as(changed)
                    .isTrue();
        }
    }

    @Test
    void shouldRefuseWhatIsNoToken() {
        for (var token : new String[] {"", "x", "%", "../..", "a".repeat(43), "é", " "}) {
            assertThat(World.LINKS.read(token)).as(token).isEmpty();
        }
    }

    @Test
    void shouldRefuseATokenOfAnotherSecret() {
        var other = new Links("http://localhost:8081", "another secret of 32 characters!!");
        assertThat(World.LINKS.read(other.token(GRANT))).isEmpty();
    }

    @Test
    void shouldExpireAfterItsMomentOnly() {
        assertThat(GRANT.expired(GRANT.expiry())).isFalse();
        assertThat(GRANT.expired(GRANT.expiry().plusMillis(1))).isTrue();
    }

    @Test
    void shouldNotTakeAShortSecret() {
        assertThatThrownBy(() -> new Links("http://localhost", "short")).hasMessageContaining("32 characters");
    }
}
