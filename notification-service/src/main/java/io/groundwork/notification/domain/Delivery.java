package io.groundwork.notification.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.groundwork.events.ResourceId;
import io.groundwork.events.SealedUrl;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one operation shall deliver: the specification of its order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "channel")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Delivery.Mail.class, name = "mail"),
    @JsonSubTypes.Type(value = Delivery.Webhook.class, name = "webhook"),
    @JsonSubTypes.Type(value = Delivery.Over.class, name = "over")
})
public sealed interface Delivery {

    /**
     * A mail to one address.
     *
     * @param template which text: {@code approval} or {@code closed}
     * @param facts what the text says, by name
     * @param sealedLink the one link of the text, opened only while rendering; null for a text without
     */
    record Mail(
            String to,
            String template,
            Map<String, String> facts,
            @Nullable String sealedLink) implements Delivery {
        public Mail {
            facts = Collections.unmodifiableMap(new TreeMap<>(facts));
        }

        /** Says nothing of the link, not even sealed. */
        @Override
        public String toString() {
            return "Mail[to=" + to + ", template=" + template + "]";
        }
    }

    /**
     * The public record of a request's end, posted to a webhook.
     *
     * @param url in clear, as a request's end from before sealed ones names it; else absent
     * @param sealedUrl the URL, opened only while calling; else absent
     */
    record Webhook(@Nullable String url, @Nullable SealedUrl sealedUrl, ResourceId resource, Completion completion)
            implements Delivery {

        /** Says nothing of the URL but where it leads. */
        @Override
        public String toString() {
            return "Webhook[to=" + origin() + ", resource=" + resource + "]";
        }

        private String origin() {
            return sealedUrl == null ? SealedUrl.origin(String.valueOf(url)) : sealedUrl.origin();
        }
    }

    /** Nothing more: takes the place of what was delivered, so that the engine forgets it. */
    record Over() implements Delivery {}
}
