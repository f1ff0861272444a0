package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.BaremetalConfig.Media;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.baremetal.driver.Boots.BootData;
import io.groundwork.events.Json;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where servers find what they boot and whom they call, and what they find there. The addresses hold their one-time token. */
public final class BootUrls {

    private final URI base;
    private final Tokens tokens;
    private final Media media;

    /** @param base where servers reach this service */
    public BootUrls(URI base, Tokens tokens, Media media) {
        this.base = base;
        this.tokens = tokens;
        this.media = media;
    }

    /** Where a server's files are. */
    String files(BootData boot) {
        return resolved("v1/boot/" + boot.server() + "/" + tokens.token(boot.operation()));
    }

    /** What its firmware loads by HTTP. */
    URI script(BootData boot) {
        return URI.create(files(boot) + "/boot");
    }

    /** What is inserted as virtual media. */
    URI medium(BootData boot) {
        return switch (media) {
            case IPXE -> URI.create(Rendering.revealed(boot.image(), phoneHome(boot), files(boot)));
            case SIMULATED -> script(boot);
        };
    }

    /** Whether that is loaded from here too: real media are whole images, which are kept elsewhere. */
    boolean servesMedia() {
        return media == Media.SIMULATED;
    }

    String phoneHome(BootData boot) {
        return resolved("v1/phone-home/" + boot.server() + "/" + tokens.token(boot.operation()));
    }

    private String resolved(String path) {
        var text = base.toString();
        return text.endsWith("/") ? text + path : text + "/" + path;
    }

    /** Whether {@code token} is the one of what the server boots. */
    public boolean fits(BootData boot, String token) {
        return Tokens.hash(token).equals(tokens.hashFor(boot.operation()));
    }

    /** The file of that name; empty if there is none. */
    public Optional<String> file(BootData boot, String name) {
        return switch (name) {
            case "boot" -> Optional.of(media == Media.SIMULATED ? simulated(boot) : ipxe(boot));
            case "user-data" -> Optional.of(Rendering.revealed(boot.userData(), phoneHome(boot), files(boot)));
            case "network-config" -> Optional.of(boot.networkConfig());
            case "meta-data" ->
                Optional.of("instance-id: " + boot.instance() + "\nlocal-hostname: " + boot.hostname() + "\n");
            default -> Optional.empty();
        };
    }

    private String ipxe(BootData boot) {
        var seed = files(boot) + "/";
        var arguments = Rendering.revealed(boot.kernelArguments(), phoneHome(boot), files(boot));
        if (boot.kernel() == null) {
            return "#!ipxe\nsanboot " + Rendering.revealed(boot.image(), phoneHome(boot), files(boot)) + "\n";
        }
        return "#!ipxe\nkernel " + boot.kernel() + " " + arguments + " ds=nocloud;s=" + seed + "\n"
                + (boot.initrd() == null ? "" : "initrd " + boot.initrd() + "\n")
                + "boot\n";
    }

    private String simulated(BootData boot) {
        return Json.MAPPER
                .valueToTree(new TreeMap<>(Map.of(
                        "kind",
                        boot.kind().name().toLowerCase(Locale.ROOT),
                        "image",
                        boot.image(),
                        "owner",
                        boot.instance(),
                        "phoneHomeUrl",
                        phoneHome(boot))))
                .toString();
    }
}
