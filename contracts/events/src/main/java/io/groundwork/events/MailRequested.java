package io.groundwork.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mail to render and deliver; written by approval-service to {@link Topics#MAILS}.
 *
 * @param id the same for the same mail, said again
 * @param sequence of the request among those started on the resource
 * @param to one address
 * @param template which text: {@code approval}
 * @param facts what the text says, by name
 * @param sealedLink the page's URL with its token, sealed to notification-service ({@link Seal}); opened only while rendering
 */
public record MailRequested(
        String id,
        RequestId request,
        long sequence,
        ResourceId resource,
        String to,
        String template,
        Map<String, String> facts,
        String sealedLink) {

    /** The {@code ce_type}. */
    public static final String TYPE = "mail-requested";

    public MailRequested {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
}
