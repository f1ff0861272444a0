/**
 * Whom notification-service tells of what: {@link io.groundwork.notification.domain.NotificationParticipant} turns mails that are
 * requested and requests that end into {@link io.groundwork.notification.domain.Delivery}s, each one operation of the engine, and
 * says what became of them.
 */
@NullMarked
package io.groundwork.notification.domain;

import org.jspecify.annotations.NullMarked;
