package io.groundwork.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Something that happened, said by the one service that owns it. Each owner has a sealed interface below this one and can
 * publish only what implements it; {@link Envelope} carries whom it is about.
 */
public sealed interface Event
        permits RequestEvent,
                ApprovalEvent,
                AllocationEvent,
                CloudProvisionerEvent,
                BaremetalProvisionerEvent,
                IamEvent,
                NotificationEvent {

    /**
     * An event's frozen word on the wire: its type is {@code io.groundwork.<owner>.<word>.v1}. Never derived from the class
     * name, so that a class may be renamed and a topic read for ever.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Wire {
        String value();
    }
}
