package io.groundwork.events;

import io.groundwork.events.ApprovalEvent.Choices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evidence that exactly this plan was approved: a detached Ed25519 signature by approval-service over the canonical JSON
 * (RFC 8785) of {@link #content}.
 *
 * @param keyId which key signed
 * @param signature base64 of the 64 bytes
 */
public record Proof(Content content, String keyId, String signature) {

    /**
     * What is signed.
     *
     * @param digest of the plan
     * @param choices absent when nothing had to be chosen
     */
    public record Content(
            ResourceId resource,
            RequestId request,
            long sequence,
            StepId step,
            String digest,
            @Nullable Choices choices,
            List<String> approvers) {}
}
