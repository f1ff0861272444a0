package io.groundwork.notification.driver;

import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;

/**
 * Delivers one notification in one move.
 *
 * <p>What was sent cannot be looked up, so a delivery whose answer was lost is sent again: with the same {@code Message-ID} or
 * {@code Idempotency-Key}, by which its receiver knows it.
 */
public final class DeliveryDriver implements Driver<Delivery, Void> {

    private final MailDriver mails;
    private final WebhookDriver webhooks;

    public DeliveryDriver(MailDriver mails, WebhookDriver webhooks) {
        this.mails = mails;
        this.webhooks = webhooks;
    }

    @Override
    public Class<Delivery> specification() {
        return Delivery.class;
    }

    @Override
    public Class<Void> checkpoint() {
        return Void.class;
    }

    @Override
    public Progress<Void> advance(Operation<Delivery, Void> operation) {
        return switch (operation.specification()) {
            case Delivery.Mail mail -> mails.send(mail, operation);
            case Delivery.Webhook webhook -> webhooks.post(webhook, operation);
            case Delivery.Over over -> done();
        };
    }

    /** What was said cannot be unsaid. */
    @Override
    public Progress<Void> undo(Operation<Delivery, Void> operation) {
        return done();
    }

    static Progress<Void> done() {
        return new Progress.Done<>(null, null);
    }

    static Progress<Void> failed(FailureCategory category, String message, String detail, boolean retryable) {
        return new Progress.Failed<>(null, new Failure(category, message, detail, retryable));
    }
}
