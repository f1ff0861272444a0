package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.groundwork.simulators.JsonFields;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a server is, and how it misbehaves by its nature; calls that go wrong are {@link io.groundwork.simulators.Fault}s.
 *
 * @param id its name, also in the address of its BMC
 * @param type the name of a {@link ServerType}
 * @param memoryGiB what it has where that is not what its type says; null as the type says
 * @param password of its BMC; null for the one that all share
 * @param ignoresGracefulShutdown whether its operating system takes no notice of the power button
 * @param failingInstalls how many of the next installations end in an error
 * @param failingErases how many of the next erasures of a drive end in an error
 */
public record ServerSpec(
        String id,
        String type,
        Profile profile,
        String rack,
        @Nullable Integer memoryGiB,
        @Nullable String password,
        boolean ignoresGracefulShutdown,
        int failingInstalls,
        int failingErases) {
    private static final int SERVERS_PER_RACK = 5;

    /** A well-behaved server. */
    public static ServerSpec of(String id, ServerType type, Profile profile, String rack) {
        return new ServerSpec(id, type.name(), profile, rack, null, null, false, 0, 0);
    }

    /** {@code srv-1} to {@code srv-<count>}, the first half large, the others small, five to a rack. */
    public static Stream<ServerSpec> numbered(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> of(
                        "srv-" + number,
                        number <= count / 2 ? ServerType.LARGE : ServerType.SMALL,
                        Profile.STANDARD,
                        "rack-" + ((number - 1) / SERVERS_PER_RACK + 1)));
    }

    public ServerSpec withProfile(Profile changed) {
        return new ServerSpec(
                id, type, changed, rack, memoryGiB, password, ignoresGracefulShutdown, failingInstalls, failingErases);
    }

    public ServerSpec withMemoryGiB(@Nullable Integer changed) {
        return new ServerSpec(
                id, type, profile, rack, changed, password, ignoresGracefulShutdown, failingInstalls, failingErases);
    }

    public ServerSpec withPassword(@Nullable String changed) {
        return new ServerSpec(
                id, type, profile, rack, memoryGiB, changed, ignoresGracefulShutdown, failingInstalls, failingErases);
    }

    public ServerSpec withIgnoresGracefulShutdown(boolean changed) {
        return new ServerSpec(id, type, profile, rack, memoryGiB, password, changed, failingInstalls, failingErases);
    }

    public ServerSpec withFailingInstalls(int changed) {
        return new ServerSpec(
                id, type, profile, rack, memoryGiB, password, ignoresGracefulShutdown, changed, failingErases);
    }

    public ServerSpec withFailingErases(int changed) {
        return new ServerSpec(
                id, type, profile, rack, memoryGiB, password, ignoresGracefulShutdown, failingInstalls, changed);
    }

    /** A new server as the control API is asked for it. */
    static ServerSpec create(JsonFields fields) {
        var id = fields.string("id");
        if (id == null || !id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            fields.wrong("id", "must be a name of letters, digits, dots and hyphens");
        }
        var type = fields.oneOf("type", ServerType.BY_NAME.keySet());
        if (!fields.has("type")) {
            fields.wrong("type", "must be one of " + String.join(", ", ServerType.BY_NAME.keySet()));
        }
        var rack = fields.string("rack");
        return of(
                        id == null ? "" : id,
                        ServerType.BY_NAME.getOrDefault(type == null ? "" : type, ServerType.SMALL),
                        Profile.STANDARD,
                        rack == null ? "rack-1" : rack)
                .with(fields);
    }

    /** With those changed that {@code fields} names; ends in {@link JsonFields#check}. */
    ServerSpec with(JsonFields fields) {
        var changedProfile = fields.oneOf("profile", Profile.wireNames());
        var memory = fields.has("memoryGiB") ? fields.integer("memoryGiB", 1) : memoryGiB;
        var changedPassword = fields.has("password") ? fields.string("password") : password;
        var ignores = fields.flag("ignoresGracefulShutdown");
        var installs = fields.integer("failingInstalls", 0);
        var erases = fields.integer("failingErases", 0);
        fields.check();
        return new ServerSpec(
                id,
                type,
                changedProfile == null ? profile : Profile.of(changedProfile),
                rack,
                memory,
                changedPassword,
                ignores == null ? ignoresGracefulShutdown : ignores,
                installs == null ? failingInstalls : installs,
                erases == null ? failingErases : erases);
    }

    @JsonIgnore
    ServerType hardware() {
        return ServerType.BY_NAME.getOrDefault(type, ServerType.SMALL);
    }

    @JsonIgnore
    int memory() {
        return memoryGiB == null ? hardware().memoryGiB() : memoryGiB;
    }
}
