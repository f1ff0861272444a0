/**
 * How notifications leave: {@link io.groundwork.notification.driver.DeliveryDriver} hands each to the
 * {@link io.groundwork.notification.driver.MailDriver} (SMTP) or the {@link io.groundwork.notification.driver.WebhookDriver}
 * (HTTP); {@link io.groundwork.notification.driver.Letters} are the texts.
 */
@NullMarked
package io.groundwork.notification.driver;

import org.jspecify.annotations.NullMarked;
