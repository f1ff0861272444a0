package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a maker of servers reads the standard: which optional parts its BMC has, and its habits. */
public enum Profile {
    /** All that the standard offers, done as it says. */
    STANDARD(
            "standard",
            "1",
            "BMC",
            EnumSet.of(Feature.STORAGE, Feature.VIRTUAL_MEDIA, Feature.TASKS, Feature.ETAGS, Feature.ACTION_INFO),
            EnumSet.allOf(ResetType.class)),

    /**
     * Conforming, but with ways of its own: answers 200 with a message for 204, wants {@code If-Match} on every PATCH,
     * makes every reset a task, has virtual media below the system, refuses a reset that fits not the power state.
     */
    VENDOR_X(
            "vendor-x",
            "System.Embedded.1",
            "Controller.Embedded.1",
            EnumSet.complementOf(EnumSet.of(Feature.ACTION_INFO)),
            EnumSet.complementOf(EnumSet.of(ResetType.FORCE_ON, ResetType.GRACEFUL_RESTART))),

    /** The least that can be used: no storage, so no secure erase, no virtual media, no tasks, no ETags. */
    MINIMAL(
            "minimal",
            "Self",
            "Self",
            EnumSet.noneOf(Feature.class),
            EnumSet.of(ResetType.ON, ResetType.FORCE_OFF, ResetType.GRACEFUL_SHUTDOWN, ResetType.FORCE_RESTART));

    enum Feature {
        STORAGE,
        VIRTUAL_MEDIA,
        TASKS,
        ETAGS,
        ACTION_INFO,
        IF_MATCH_REQUIRED,
        BODY_ALWAYS,
        RESET_IS_TASK,
        MEDIA_BELOW_SYSTEM,
        STRICT_POWER
    }

    private final String wireName;
    private final String systemId;
    private final String managerId;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it, and it is not handed out
    private final Set<Feature> features;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
    private final Set<ResetType> resetTypes;

    Profile(String wireName, String systemId, String managerId, Set<Feature> features, Set<ResetType> resetTypes) {
        this.wireName = wireName;
        this.systemId = systemId;
        this.managerId = managerId;
        this.features = features;
        this.resetTypes = Collections.unmodifiableSet(resetTypes);
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(Profile::wireName).toList();
    }

    static Profile of(@Nullable String wireName) {
        return Arrays.stream(values())
                .filter(profile -> profile.wireName.equals(wireName))
                .findFirst()
                .orElse(STANDARD);
    }

    /** What the BMC calls its one system and the one chassis around it. */
    String systemId() {
        return systemId;
    }

    String managerId() {
        return managerId;
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    Set<ResetType> resetTypes() {
        return resetTypes;
    }
}
