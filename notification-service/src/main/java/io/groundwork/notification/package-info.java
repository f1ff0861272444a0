/**
 * notification-service: tells people and systems.
 *
 * <ol>
 *   <li>{@link io.groundwork.notification.NotificationTopology}: topics in, orders, works, topics out. Start reading here.
 *   <li>{@link io.groundwork.notification.domain.NotificationParticipant} orders a delivery for each mail that is requested and for
 *       each recipient of a request that ended.
 *   <li>The engine hands each to {@link io.groundwork.notification.DeliveryWorker}.
 *   <li>{@link io.groundwork.notification.driver.DeliveryDriver} delivers by SMTP or HTTP.
 *   <li>The participant says what became of it.
 * </ol>
 */
@NullMarked
package io.groundwork.notification;

import org.jspecify.annotations.NullMarked;
