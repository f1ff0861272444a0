package io.groundwork.simulators.redfish;

import io.groundwork.simulators.JsonFields;
import io.groundwork.simulators.Simulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the simulated hardware behaves when nothing is wrong. A change is for what begins after it.
 *
 * @param powerDelay until power is on, or off when forced
 * @param shutdownDelay until an operating system has shut down
 * @param postDelay of the firmware, from power or reset to the choice of what to boot
 * @param osBootDelay until an operating system runs
 * @param installDelay of an installation
 * @param eraseDelay of a drive's secure erase, and of an erasing boot image for all drives
 * @param phoneHomeRetry between tries to phone home; there are ten
 * @param bmcResetDelay how long a BMC that was told to restart takes no connection
 * @param sessionTimeout until an unused session ends
 * @param maxSessions of one BMC
 * @param pageSize how many members one answer of a collection has
 * @param switchEnforced whether a machine reaches the network only through a switch port that is enabled
 * @param netbootUrl where PXE finds what to boot, <code>{mac}</code> and <code>{server}</code> filled in; null for nowhere
 */
public record RedfishSettings(
        Duration powerDelay,
        Duration shutdownDelay,
        Duration postDelay,
        Duration osBootDelay,
        Duration installDelay,
        Duration eraseDelay,
        Duration phoneHomeRetry,
        Duration bmcResetDelay,
        Duration sessionTimeout,
        int maxSessions,
        int pageSize,
        boolean switchEnforced,
        @Nullable String netbootUrl)
        implements Simulator.Settings<RedfishSettings> {
    public static final RedfishSettings DEFAULT = new RedfishSettings(
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofMinutes(30),
            16,
            1_000,
            true,
            null);

    /** Everything that the machine itself does takes this long: power, shutdown, firmware, boot, install, erase, retries. */
    public RedfishSettings withPace(Duration each) {
        return new RedfishSettings(
                each,
                each,
                each,
                each,
                each,
                each,
                each,
                each,
                sessionTimeout,
                maxSessions,
                pageSize,
                switchEnforced,
                netbootUrl);
    }

    public RedfishSettings withNetbootUrl(@Nullable String url) {
        return new RedfishSettings(
                powerDelay,
                shutdownDelay,
                postDelay,
                osBootDelay,
                installDelay,
                eraseDelay,
                phoneHomeRetry,
                bmcResetDelay,
                sessionTimeout,
                maxSessions,
                pageSize,
                switchEnforced,
                url);
    }

    /**
     * With those changed that a JSON object names, as the control API takes it.
     *
     * @throws io.groundwork.simulators.InvalidInputException naming every wrong field
     */
    public RedfishSettings with(String json) {
        return with(JsonFields.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public RedfishSettings with(JsonFields fields) {
        var changed = new RedfishSettings(
                duration(fields, "powerDelay", powerDelay),
                duration(fields, "shutdownDelay", shutdownDelay),
                duration(fields, "postDelay", postDelay),
                duration(fields, "osBootDelay", osBootDelay),
                duration(fields, "installDelay", installDelay),
                duration(fields, "eraseDelay", eraseDelay),
                duration(fields, "phoneHomeRetry", phoneHomeRetry),
                duration(fields, "bmcResetDelay", bmcResetDelay),
                duration(fields, "sessionTimeout", sessionTimeout),
                number(fields, "maxSessions", maxSessions),
                number(fields, "pageSize", pageSize),
                flag(fields, "switchEnforced", switchEnforced),
                fields.has("netbootUrl") ? fields.string("netbootUrl") : netbootUrl);
        fields.check();
        return changed;
    }

    private static Duration duration(JsonFields fields, String name, Duration otherwise) {
        var value = fields.duration(name);
        return value == null ? otherwise : value;
    }

    private static int number(JsonFields fields, String name, int otherwise) {
        var value = fields.integer(name, 1);
        return value == null ? otherwise : value;
    }

    private static boolean flag(JsonFields fields, String name, boolean otherwise) {
        var value = fields.flag(name);
        return value == null ? otherwise : value;
    }
}
