package io.groundwork.simulators;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

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

    /** The JDK's server closes a connection when the client asks for it, but does not say so; some clients then reuse it. */
    private static final Filter ANNOUNCE_CLOSE = Filter.beforeHandler("announce close", exchange -> {
        if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
    });

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
     * @param tls null for plain HTTP
     * @throws java.net.BindException if the port is in use
     */
    public static SimulatorServer start(
            String host, int port, @Nullable SSLContext tls, HttpHandler backEnd, HttpHandler control)
            throws IOException {
        var server = listen(new InetSocketAddress(host, port), tls);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", backEnd).getFilters().add(ANNOUNCE_CLOSE);
        server.createContext(ControlApi.PATH, control).getFilters().add(ANNOUNCE_CLOSE);
        server.start();
        return new SimulatorServer(server, threads);
    }

    private static HttpServer listen(InetSocketAddress address, @Nullable SSLContext tls) throws IOException {
        if (tls == null) {
            return HttpServer.create(address, BACKLOG);
        }
        var server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI baseUrl() {
        var address = server.getAddress().getAddress();
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://"
                + (address.isAnyLocalAddress() ? "localhost" : address.getHostAddress()) + ":" + port());
    }

    /** Stops at once; calls under way lose their answer. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
