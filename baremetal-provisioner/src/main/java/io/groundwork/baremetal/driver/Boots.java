package io.groundwork.baremetal.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What servers find that boot: kept where every process of the service serves it from. */
public interface Boots {

    /** What {@code boot.server()} boots from now on, in place of what it did. */
    void put(BootData boot);

    /** Whether {@code server} boots something for {@code operation}, and has not asked for it since it was {@linkplain #put put} there. */
    boolean unfetched(String server, String operation);

    /** It boots nothing of ours any more. */
    void remove(String server);

    /**
     * What one server boots.
     *
     * @param operation that boots it; its one-time token is derived from it
     * @param macs of its network interfaces: the network asks by them
     * @param instance what the system calls itself for ever
     * @param image an URL
     * @param kernelArguments with what they refer to filled in, but for the addresses that hold the token
     * @param userData as cloud-init reads it, but for the addresses that hold the token
     * @param networkConfig as cloud-init reads it
     */
    record BootData(
            String server,
            String operation,
            List<String> macs,
            Kind kind,
            String instance,
            String hostname,
            String image,
            @Nullable String kernel,
            @Nullable String initrd,
            String kernelArguments,
            String userData,
            String networkConfig) {
        public BootData {
            macs = List.copyOf(macs);
        }
    }

    /** What for. */
    enum Kind {
        /** Writes a system to the disk. */
        INSTALL,
        /** Runs as it is. */
        DISKLESS,
        /** Erases the disks. */
        ERASE
    }
}
