package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The services by the word that names their topics. Only the owner writes to its event topic. */
public enum Owner {
    REQUEST("request", "request-service", RequestEvent.class),
    APPROVAL("approval", "approval-service", ApprovalEvent.class),
    ALLOCATION("allocation", "allocation-service", AllocationEvent.class),
    CLOUD("cloud", "cloud-provisioner", CloudProvisionerEvent.class),
    BAREMETAL("baremetal", "baremetal-provisioner", BaremetalProvisionerEvent.class),
    IAM("iam", "iam-service", IamEvent.class),
    NOTIFICATION("notification", "notification-service", NotificationEvent.class);

    private final String word;
    private final String service;
    private final Class<? extends Event> events;

    Owner(String word, String service, Class<? extends Event> events) {
        this.word = word;
        this.service = service;
        this.events = events;
    }

    /** @throws IllegalArgumentException if no owner has this word */
    @JsonCreator
    public static Owner of(String word) {
        for (var owner : values()) {
            if (owner.word.equals(word)) {
                return owner;
            }
        }
        throw new IllegalArgumentException("no owner '" + word + "'");
    }

    /** The word in topic names and event types, such as {@code cloud}. */
    @JsonValue
    public String word() {
        return word;
    }

    /** The service's name, such as {@code cloud-provisioner}: its module, application id and consumer group. */
    public String service() {
        return service;
    }

    /** The sealed interface of the events that only this owner may publish. */
    public Class<? extends Event> events() {
        return events;
    }
}
