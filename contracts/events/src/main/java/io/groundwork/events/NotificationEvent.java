package io.groundwork.events;

/** Written by notification-service alone, to {@code notification.events.v1}. They inform; no step waits for them. */
public sealed interface NotificationEvent extends Event {

    /**
     * The mail server or the webhook's receiver took it.
     *
     * @param channel {@code mail} or {@code webhook}
     * @param to address or URL
     * @param about what it said, such as {@code approval} or {@code closed}
     */
    @Wire("notification-sent")
    record NotificationSent(String channel, String to, String about) implements NotificationEvent {}

    /** It could not be delivered after all retries. */
    @Wire("notification-failed")
    record NotificationFailed(String channel, String to, String about, Failure failure) implements NotificationEvent {}
}
