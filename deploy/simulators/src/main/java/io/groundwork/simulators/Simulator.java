package io.groundwork.simulators;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What all simulators have in common: where they listen, faults and calls, and settings that may change at any time.
 *
 * @param <S> its settings
 */
public abstract class Simulator<S extends Simulator.Settings<S>> implements SimulatorMain.Running {

    private final Faults faults;
    private final Calls calls = new Calls();
    private volatile S settings;
    private @Nullable SimulatorServer server;

    /** How a simulator behaves. */
    public interface Settings<S> {

        /** The same but for what {@code fields} name; ends in {@link JsonFields#check}. */
        S with(JsonFields fields);
    }

    protected Simulator(S settings, Faults faults) {
        this.settings = settings;
        this.faults = faults;
    }

    /**
     * Begins to listen. The last thing that a constructor does.
     *
     * @param tls null for plain HTTP
     */
    protected final void listen(
            String host, int port, @Nullable SSLContext tls, HttpHandler backEnd, HttpHandler control)
            throws IOException {
        server = SimulatorServer.start(host, port, tls, backEnd, control);
    }

    /** What steers it, to which a back end adds its own. */
    protected final ControlApi control() {
        return new ControlApi(faults, calls, this::settings, this::change);
    }

    public final int port() {
        return listening().port();
    }

    @Override
    public final URI baseUrl() {
        return listening().baseUrl();
    }

    private SimulatorServer listening() {
        return Objects.requireNonNull(server);
    }

    public final Faults faults() {
        return faults;
    }

    public final Calls calls() {
        return calls;
    }

    public final S settings() {
        return settings;
    }

    /** For what begins from now on. */
    public final synchronized void change(S changed) {
        settings = changed;
    }

    private synchronized void change(JsonFields fields) {
        settings = settings.with(fields);
    }

    /** Stops at once; calls under way lose their answer. */
    @Override
    public void close() {
        listening().close();
    }
}
