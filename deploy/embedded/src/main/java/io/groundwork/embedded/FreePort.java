package io.groundwork.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds TCP ports of the loopback interface that nobody listens on. */
public final class FreePort {

    /** A port that was free a moment ago; another process may take it before the caller does. */
    public static int find() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException noPortLeft) {
            throw new UncheckedIOException(noPortLeft);
        }
    }

    /** Whether a server could listen on {@code port}, on the loopback interface and on all of them, right now. */
    public static boolean isFree(int port) {
        return canListen(port, InetAddress.getLoopbackAddress()) && canListen(port, null);
    }

    private static boolean canListen(int port, @org.jspecify.annotations.Nullable InetAddress address) {
        try (var socket = new ServerSocket(port, 1, address)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private FreePort() {}
}
