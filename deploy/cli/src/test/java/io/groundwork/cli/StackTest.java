package io.groundwork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTest {

    /** A command that starts no stack: a test that needs one fails. */
    private static final List<String> UP = List.of("false");

    @TempDir
    Path data;

    private HttpServer service;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/q/health/ready", call -> {
            call.sendResponseHeaders(status, -1);
            call.close();
        });
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @Test
    void shouldWorkOnTheStackThatRuns() throws Exception {
        file(ProcessHandle.current().pid());
        try (var stack = Stack.of(data, UP)) {
            assertThat(stack.endpoints().of("request-service")).startsWith("http://");
        }
    }

    @Test
    void shouldStartOneWhereAKilledOneLeftItsFile() throws Exception {
        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        file(dead.pid());
        assertThatThrownBy(() -> Stack.of(data, UP)).isInstanceOf(Stack.CannotStart.class);
    }

    @Test
    void shouldStartOneWhereNobodyIsReady() throws Exception {
        status = 503;
        file(ProcessHandle.current().pid());
        assertThatThrownBy(() -> Stack.of(data, UP)).isInstanceOf(Stack.CannotStart.class);
    }

    private void file(long pid) throws IOException {
        Files.write(data.resolve("endpoints.json"), """
                {"request-service": "http://%s:%d", "pids": {"request-service": %d}}""".formatted(
                        service.getAddress().getAddress().getHostAddress(),
                        service.getAddress().getPort(),
                        pid)
                .getBytes(UTF_8));
    }
}
