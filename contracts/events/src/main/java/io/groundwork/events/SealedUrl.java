package io.groundwork.events;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A URL that may carry a token, as a webhook's often does: in clear only what a person recognises it by, all of it for its one
 * reader.
 *
 * @param origin scheme, host and port (RFC 6454)
 * @param box the whole URL, sealed ({@link Seal}); each time it is sealed it reads differently, so it also names this one
 */
public record SealedUrl(String origin, String box) {

    private static final Pattern ORIGIN = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)(?:[^/?#]*@)?([^/?#@\\s]+).*");

    /**
     * Seals {@code url}.
     *
     * @param publicKey the reader's, as {@link Seal#seal} takes it
     */
    public static SealedUrl of(String url, String publicKey) {
        return new SealedUrl(origin(url), Seal.seal(url, publicKey));
    }

    /**
     * What may be shown of {@code url}, which need not be a valid one: never its path, its query, or a user and password.
     *
     * @return {@code ?} where nothing can be recognised
     */
    public static String origin(String url) {
        var parts = ORIGIN.matcher(url);
        return parts.matches() ? (parts.group(1) + parts.group(2)).toLowerCase(Locale.ROOT) : "?";
    }
}
