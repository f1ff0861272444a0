package io.groundwork.approval;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What approval-service is told. */
@ConfigMapping(prefix = "approval")
public interface ApprovalConfig {

    /** This service's URL as approvers reach it: what the links in mails start with. */
    @WithDefault("${GROUNDWORK_APPROVAL_URL:http://localhost:${quarkus.http.port}}")
    String url();

    /** Signs the links; at least 32 characters, the same in every instance. Another one makes all links invalid. */
    @WithDefault("${GROUNDWORK_LINK_SECRET}")
    String linkSecret();

    /** notification-service's public key: base64 of its X.509 encoding (X25519). */
    @WithDefault("${GROUNDWORK_SEAL_PUBLIC_KEY}")
    String sealKey();

    /** Names the key that approvals are signed with. */
    @WithDefault("${groundwork.proof.key-id}")
    String proofKeyId();

    /** Signs approvals: base64 of its PKCS#8 encoding (Ed25519). */
    @WithDefault("${GROUNDWORK_PROOF_PRIVATE_KEY}")
    String proofKey();
}
