package io.groundwork.request.api;

import io.groundwork.events.SealedUrl;
import io.groundwork.request.RequestConfig;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * Seals what a request names and nobody but notification-service may read, before it leaves the intake: the URL of a webhook
 * often carries a token, and events are kept for ever.
 */
@Singleton
@Startup
public class Sealing {

    private final String key;

    @Inject
    public Sealing(RequestConfig config) {
        this(config.sealKey());
    }

    /** @throws IllegalStateException if the key is none: nothing may be accepted that could not be sealed */
    Sealing(String key) {
        this.key = key;
        try {
            // by the JDK: to seal for a trial would load Bouncy Castle at each start
            KeyFactory.getInstance("X25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key)));
        } catch (GeneralSecurityException | IllegalArgumentException useless) {
            throw new IllegalStateException(
                    "request.seal-key (GROUNDWORK_SEAL_PUBLIC_KEY) must be base64 of the X.509 encoding of an X25519 key",
                    useless);
        }
    }

    SealedUrl seal(String url) {
        return SealedUrl.of(url, key);
    }
}
