package io.groundwork.request;

import io.groundwork.request.domain.StepTimeouts;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What an operator can set of request-service. */
@ConfigMapping(prefix = "request")
public interface RequestConfig {

    /** Seals the URLs of webhooks: base64 of the X.509 encoding of notification-service's X25519 key. */
    @WithDefault("${GROUNDWORK_SEAL_PUBLIC_KEY}")
    String sealKey();

    /** How long the owner of a step may take, each way, before the request turns back and names it. */
    Timeouts timeout();

    /** By kind of step. A plan keeps what was set when it was compiled. */
    interface Timeouts {
        /** Beyond the approval's own deadline, which approval-service keeps. */
        @WithDefault("PT30S")
        Duration approvalGrace();

        @WithDefault("PT2M")
        Duration allocate();

        @WithDefault("PT30M")
        Duration provision();

        @WithDefault("PT2M")
        Duration grant();

        @WithDefault("PT2M")
        Duration revoke();

        @WithDefault("PT30M")
        Duration deprovision();

        @WithDefault("PT2M")
        Duration release();

        /** Of servers: provision and deprovision. */
        @WithDefault("PT3H")
        Duration install();

        @WithDefault("PT1H")
        Duration uninstall();
    }

    /** As the planner takes it. */
    static StepTimeouts timeouts(RequestConfig config) {
        var timeout = config.timeout();
        return new StepTimeouts(
                timeout.approvalGrace(),
                timeout.allocate(),
                timeout.provision(),
                timeout.grant(),
                timeout.revoke(),
                timeout.deprovision(),
                timeout.release(),
                timeout.install(),
                timeout.uninstall());
    }
}
