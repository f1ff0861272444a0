package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.annotation.JsonValue;
import io.groundwork.simulators.InvalidInputException;
import io.groundwork.simulators.JsonFields;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a machine does that boots an image from virtual media or the network.
 *
 * @param image its name; on a disk it says what is installed there
 * @param owner whose data the machine holds from then on, such as cloud-init's instance id
 * @param phoneHomeUrl where the running system announces itself, once, as cloud-init's {@code phone_home} does
 * @param phoneHomeToken sent along as a bearer token
 */
public record BootImage(
        Kind kind,
        String image,
        @Nullable String owner,
        @Nullable String phoneHomeUrl,
        @Nullable String phoneHomeToken) {
    private static final Pattern PHONE_HOME =
            Pattern.compile("phone_home:.{0,500}?\\burl:\\s*[\"']?([^\\s\"']+)", Pattern.DOTALL);
    private static final Pattern INSTANCE_ID = Pattern.compile("instance-id:\\s*[\"']?([^\\s\"']+)");

    /** What the image is for. */
    public enum Kind {
        /** Writes itself to the first disk, then restarts the machine. */
        INSTALL,
        /** Runs as it is and leaves no trace on any disk. */
        DISKLESS,
        /** Overwrites all disks, then goes on running. */
        ERASE;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Understands what lies at an image's address: a JSON object with the fields of this record, or anything, an ISO
     * image too, that has cloud-init's {@code phone_home} and {@code instance-id} somewhere in its text.
     *
     * @throws InvalidInputException if it is a JSON object, but not of this kind
     */
    static BootImage read(String address, byte[] content) {
        if (content.length > 0 && content[0] == '{') {
            return read(JsonFields.parse(content), address);
        }
        var text = new String(content, StandardCharsets.ISO_8859_1);
        return new BootImage(Kind.INSTALL, address, find(INSTANCE_ID, text), find(PHONE_HOME, text), null);
    }

    /** Reads the control API's JSON. */
    static BootImage read(JsonFields fields, String defaultImage) {
        var kinds = Arrays.stream(Kind.values()).map(Kind::wireName).toList();
        var kind = fields.oneOf("kind", kinds);
        var image = fields.string("image");
        var owner = fields.string("owner");
        var url = fields.string("phoneHomeUrl");
        var token = fields.string("phoneHomeToken");
        if (url != null && !isHttp(url)) {
            fields.wrong("phoneHomeUrl", "must be an http or https URL, not " + url);
        }
        fields.check();
        return new BootImage(
                kind == null ? Kind.INSTALL : Kind.values()[kinds.indexOf(kind)],
                image == null ? defaultImage : image,
                owner,
                url,
                token);
    }

    static boolean isHttp(String url) {
        try {
            var scheme = URI.create(url).getScheme();
            return "http".equals(scheme) || "https".equals(scheme);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String find(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }
}
