package io.groundwork.runtime.streams;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Where a trace begins: the caller's, if it sent one, else a new one. Every record that follows from a command carries it on. */
@ApplicationScoped
public class Traces {

    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final CurrentVertxRequest request;

    @Inject
    public Traces(CurrentVertxRequest request) {
        this.request = request;
    }

    /**
     * A {@code traceparent}, sampled if it is a new one.
     *
     * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
     */
    public String current() {
        if (Arc.container().requestContext().isActive() && request.getCurrent() != null) {
            var given = request.getCurrent().request().getHeader("traceparent");
            if (given != null && TRACEPARENT.matcher(given).matches()) {
                return given;
            }
        }
        return "00-" + hex(16) + '-' + hex(8) + "-01";
    }

    private static String hex(int bytes) {
        var random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
