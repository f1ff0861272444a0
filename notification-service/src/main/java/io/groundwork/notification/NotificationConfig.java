package io.groundwork.notification;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What notification-service is told. */
@ConfigMapping(prefix = "notification")
public interface NotificationConfig {

    /** Opens the links of mails and the URLs of webhooks: base64 of the PKCS#8 encoding of an X25519 key. */
    @WithDefault("${GROUNDWORK_SEAL_PRIVATE_KEY}")
    String sealKey();

    /** The sender's address. */
    @WithDefault("no-reply@groundwork.example")
    String from();

    Smtp smtp();

    /** The server that takes our mails. */
    interface Smtp {

        @WithDefault("${GROUNDWORK_SMTP_HOST:localhost}")
        String host();

        @WithDefault("${GROUNDWORK_SMTP_PORT:1025}")
        int port();

        /** Absent: without signing in. */
        Optional<String> user();

        Optional<String> password();

        /** Whether to refuse a server that does not offer encryption; offered, it is used in any case. */
        @WithDefault("false")
        boolean startTls();
    }
}
