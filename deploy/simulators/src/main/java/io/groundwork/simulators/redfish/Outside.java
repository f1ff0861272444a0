package io.groundwork.simulators.redfish;

import io.groundwork.simulators.InvalidInputException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What machines do to the world: read boot images and phone home, each on a virtual thread. */
final class Outside implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int HEAD_OF_IMAGE = 1024 * 1024;

    private final Fleet fleet;
    private volatile @Nullable HttpClient client;
    private volatile boolean closed;

    Outside(Fleet fleet) {
        this.fleet = fleet;
    }

    void perform(Server server, Machine.Effect effect) {
        Thread.ofVirtual().name("redfish-" + server.id()).start(() -> {
            switch (effect) {
                case Machine.Effect.Load load -> load(server, load);
                case Machine.Effect.PhoneHome home -> phoneHome(server, home);
            }
        });
    }

    /** Unless the simulator has ended: then the next start does it once more. */
    private void report(Server server, BiConsumer<Machine, RedfishSettings> result) {
        if (!closed) {
            server.alone(machine -> {
                result.accept(machine, fleet.settings());
                return null;
            });
        }
    }

    private void load(Server server, Machine.Effect.Load load) {
        try {
            var image = BootImage.read(load.url(), head(load.url()));
            report(server, (machine, settings) -> machine.loaded(load.boot(), fleet.now(), settings, image));
        } catch (IOException | IllegalArgumentException | InvalidInputException e) {
            var why = load.url() + " cannot be read: " + e.getMessage();
            report(server, (machine, settings) -> machine.notLoaded(load.boot(), fleet.now(), settings, why));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A BMC reads an image as the machine asks for its blocks; of a large one, the beginning has what matters here. */
    private byte[] head(String url) throws IOException, InterruptedException {
        var answer = client().send(
                        HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode());
            }
            return body.readNBytes(HEAD_OF_IMAGE);
        }
    }

    private void phoneHome(Server server, Machine.Effect.PhoneHome home) {
        var failure = post(server.id(), home.whom());
        report(server, (machine, settings) -> machine.phonedHome(home.boot(), fleet.now(), settings, failure));
    }

    /** As cloud-init posts it; why it failed, null if it did not. */
    private @Nullable String post(String server, BootImage whom) {
        try {
            var form = "instance_id=" + encode(whom.owner() == null ? server : whom.owner()) + "&hostname="
                    + encode(server) + "&fqdn=" + encode(server);
            var request = HttpRequest.newBuilder(URI.create(String.valueOf(whom.phoneHomeUrl())))
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form));
            if (whom.phoneHomeToken() != null) {
                request.header("Authorization", "Bearer " + whom.phoneHomeToken());
            }
            var status =
                    client().send(request.build(), BodyHandlers.discarding()).statusCode();
            return status < 300 ? null : "status " + status;
        } catch (IOException | IllegalArgumentException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Made when it is first needed: its threads and memory are wasted on a fleet that boots nothing. */
    private HttpClient client() {
        var existing = client;
        if (existing != null) {
            return existing;
        }
        synchronized (this) {
            var again = client;
            if (again == null) {
                again = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
                client = again;
            }
            return again;
        }
    }

    @Override
    public void close() {
        closed = true;
        var existing = client;
        if (existing != null) {
            existing.shutdownNow();
        }
    }
}
