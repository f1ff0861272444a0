package io.groundwork.simulators.redfish;

import java.util.Arrays;
import java.util.Optional;

/** What {@code ComputerSystem.Reset} can be asked for. */
enum ResetType {
    ON("On"),
    FORCE_ON("ForceOn"),
    FORCE_OFF("ForceOff"),
    GRACEFUL_SHUTDOWN("GracefulShutdown"),
    GRACEFUL_RESTART("GracefulRestart"),
    FORCE_RESTART("ForceRestart"),
    POWER_CYCLE("PowerCycle"),
    PUSH_POWER_BUTTON("PushPowerButton"),
    NMI("Nmi");

    private final String wireName;

    ResetType(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static Optional<ResetType> of(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst();
    }
}
