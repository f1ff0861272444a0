package io.groundwork.events;

import org.jspecify.annotations.Nullable;

/** Written by notification-service alone, to {@code notification.events.v1}. They inform; no step waits for them. */
public sealed interface NotificationEvent extends Event {

    /**
     * The mail server or the webhook's receiver took it.
     *
     * @param channel {@code mail} or {@code webhook}
     * @param to address, or of a webhook its {@link SealedUrl#origin origin}: its URL often carries a token. Whole in events from
     *     before {@code operation}
     * @param about what it said, such as {@code approval} or {@code closed}
     * @param operation which delivery, as {@code to} need not tell two apart; absent in events from before it
     */
    @Wire("notification-sent")
    record NotificationSent(
            String channel,
            String to,
            String about,
            @Nullable String operation) implements NotificationEvent {}

    /**
     * It could not be delivered yet, and is tried again.
     *
     * @param delivery which: its tries, the last error and the next try; {@code instances} is {@code to}
     */
    @Wire("notification-delayed")
    record NotificationDelayed(String channel, String to, String about, ComponentEvent.PendingOperation delivery)
            implements NotificationEvent {}

    /** It could not be delivered after all retries. What it names is as in {@link NotificationSent}. */
    @Wire("notification-failed")
    record NotificationFailed(
            String channel,
            String to,
            String about,
            Failure failure,
            @Nullable String operation) implements NotificationEvent {}
}
