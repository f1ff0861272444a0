package io.groundwork.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Ways to see from outside whether a program is ready. */
final class Probes {
    private static final int TIMEOUT_MS = 2_000;

    /** Ready when somebody takes connections on the port. */
    static Child.Probe port(int port) {
        return pid -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        };
    }

    /** Ready when {@code GET url} answers 200. */
    static Child.Probe http(String url) {
        return pid -> {
            try {
                if (!(URI.create(url).toURL().openConnection() instanceof HttpURLConnection connection)) {
                    throw new IllegalArgumentException(url + " is no http URL");
                }
                connection.setConnectTimeout(TIMEOUT_MS);
                connection.setReadTimeout(TIMEOUT_MS);
                try {
                    return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
                } finally {
                    connection.disconnect();
                }
            } catch (IOException notYet) {
                return false;
            }
        };
    }

    private Probes() {}
}
