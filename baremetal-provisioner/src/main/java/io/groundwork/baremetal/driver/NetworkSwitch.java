package io.groundwork.baremetal.driver;

/** The switches of a site, as far as servers' ports are concerned. */
@FunctionalInterface
public interface NetworkSwitch {

    /** Where nothing is known of the switches. */
    NetworkSwitch NONE = (server, nic, open) -> {};

    /**
     * Opens or shuts the port that a server's network interface is wired to. The same again changes nothing.
     *
     * @param nic the interface's id in Redfish
     * @throws RedfishException if it cannot be told
     */
    void set(String server, String nic, boolean open);
}
