package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.domain.Hardware;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One server through its BMC, as far as it is used here. Reading may be done at any time; what changes something is done in a
 * session that {@link #login} opened. Every method makes a few short calls at most and throws {@link RedfishException}.
 */
public interface Redfish extends AutoCloseable {

    /** How the server is. */
    Observation observe();

    /** What is built in; what the BMC does not say is 0 or empty. */
    Hardware hardware();

    /** Its network interfaces, in the order of their ids. */
    List<Nic> nics();

    /** Its disks; empty if the BMC does not show them. */
    List<Drive> drives();

    /** Opens a session for what follows; where a BMC has none, each call shows the credentials. */
    void login();

    /** Ends every other session of this account: whoever still holds one changes nothing any more. */
    void endOthers();

    void reset(Reset type);

    /**
     * What to boot next, and whose the server is.
     *
     * @param tag empty for nobody's; a BMC that cannot keep it does without
     */
    void prepare(Boot boot, String tag);

    /** Whether it takes virtual media. */
    boolean takesMedia();

    /** Inserts an image in place of what is inserted. */
    void insert(URI image);

    /** Takes out what is inserted, if anything. */
    void eject();

    /**
     * Begins to erase a disk.
     *
     * @return the address of what shows how far it is; null if it is done
     */
    @Nullable
    String erase(Drive drive);

    /**
     * Whether a long action has ended.
     *
     * @throws RedfishException.Refused if it failed
     */
    boolean ended(String monitor);

    /** Ends the session, if one was opened. Never fails. */
    @Override
    void close();

    /**
     * How a server is.
     *
     * @param power as Redfish names it; null if the BMC does not say
     * @param tag empty if none
     * @param progress of the boot, as Redfish names it; null if the BMC does not say
     */
    record Observation(
            @Nullable String power, String tag, @Nullable String progress) {

        boolean off() {
            return "Off".equals(power);
        }

        boolean on() {
            return power == null || power.equals("On");
        }
    }

    /** A network interface. */
    record Nic(String id, String mac) {}

    /**
     * A disk.
     *
     * @param erase where it is told to erase itself; null if it cannot be
     */
    record Drive(String id, @Nullable String erase) {}

    /** A change of power. */
    enum Reset {
        ON,
        /** The operating system is asked to; power is cut where it cannot be asked. */
        SHUT_DOWN,
        /** The operating system is asked to, and no more. */
        ASK_TO_SHUT_DOWN,
        FORCE_OFF,
        RESTART
    }

    /**
     * What to boot.
     *
     * @param always at every boot, or at the next one only
     * @param uri of {@link Source#HTTP}
     */
    record Boot(Source source, boolean always, @Nullable URI uri) {

        /** As the firmware has it. */
        static final Boot USUAL = new Boot(Source.NONE, false, null);
    }

    /** Where from. */
    enum Source {
        NONE,
        DISK,
        CD,
        PXE,
        /** By HTTP from an address; by PXE where the firmware cannot. */
        HTTP
    }
}
