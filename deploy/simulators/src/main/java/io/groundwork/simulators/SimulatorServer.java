package io.groundwork.simulators;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The HTTP server of a simulator: the JDK's, with a virtual thread for each exchange, so that a held call holds nothing. */
public final class SimulatorServer implements AutoCloseable {
    static {
        // The JDK's server writes headers and body apart; with Nagle's algorithm that costs 40 ms an answer. It reads
        // the
        // property once, so this must come before its first use.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private static final int BACKLOG = 1_024;

    private final HttpServer server;
    private final ExecutorService threads;

    private SimulatorServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @throws java.net.BindException if the port is in use
     */
    public static SimulatorServer start(String host, int port, HttpHandler backEnd, HttpHandler control)
            throws IOException {
        var server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", backEnd);
        server.createContext(ControlApi.PATH, control);
        server.start();
        return new SimulatorServer(server, threads);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI baseUrl() {
        var address = server.getAddress().getAddress();
        return URI.create(
                "http://" + (address.isAnyLocalAddress() ? "localhost" : address.getHostAddress()) + ":" + port());
    }

    /** Stops at once; calls under way lose their answer. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
