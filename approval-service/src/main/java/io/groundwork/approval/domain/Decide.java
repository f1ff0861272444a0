package io.groundwork.approval.domain;

import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import org.jspecify.annotations.Nullable;

/**
 * What an approver asks: the command on {@code approval.commands.v1}, keyed by resource id. It counts as of the moment it was
 * accepted, which its header says. Answered by {@link Answer}.
 *
 * @param step null for whichever is open
 * @param approver who decides, as the link or the caller's identity says
 * @param decision {@value #APPROVE} or {@value #REJECT}; anything else is answered with 422
 * @param region needed to approve when machines are to be placed, as is {@code profile}
 * @param channel {@value #LINK} or {@value #API}
 * @param digest the plan that the link was made for; null without link
 */
public record Decide(
        RequestId request,
        @Nullable StepId step,
        String approver,
        @Nullable String decision,
        @Nullable String reason,
        @Nullable String region,
        @Nullable String profile,
        String channel,
        @Nullable String digest) {

    /** The {@code ce_type}. */
    public static final String TYPE = "decide";

    public static final String APPROVE = "approve";
    public static final String REJECT = "reject";
    public static final String LINK = "link";
    public static final String API = "api";
}
