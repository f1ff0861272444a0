package io.groundwork.request.view;

import io.agroal.api.AgroalDataSource;
import io.groundwork.runtime.view.Watches;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Wakes those who wait for a request to change, whichever instance wrote the change: one connection listens to Postgres, so
 * that no waiter asks again and again.
 */
@ApplicationScoped
public class Changes {

    private static final Logger LOG = Logger.getLogger(Changes.class);
    /** After this long without a word, the connection is asked whether it still lives. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final AgroalDataSource database;
    private final Watches<UUID> watches = new Watches<>();
    private volatile boolean stopped;
    private @Nullable Thread listener;

    @Inject
    public Changes(AgroalDataSource database) {
        this.database = database;
    }

    void start(@Observes StartupEvent event) {
        listener = Thread.ofPlatform().name("request-changes").daemon().start(this::listen);
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        var running = listener;
        if (running != null) {
            running.interrupt();
        }
        watches.wakeAll();
    }

    /** Starts to watch a request. What changes from now on is not missed; read it only then. */
    public Watches<UUID>.Watch watch(UUID request) {
        return watches.watch(request);
    }

    private void listen() {
        while (!stopped) {
            try (var connection = database.getConnection()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("listen " + ViewWriter.CHANNEL);
                }
                // what changed while nobody listened
                watches.wakeAll();
                var postgres = connection.unwrap(PGConnection.class);
                while (!stopped) {
                    var said = postgres.getNotifications((int) SILENCE.toMillis());
                    if (said == null || said.length == 0) {
                        if (!connection.isValid(5)) {
                            break;
                        }
                        continue;
                    }
                    for (var one : said) {
                        watches.wake(UUID.fromString(one.getParameter()));
                    }
                }
            } catch (SQLException | RuntimeException lost) {
                if (!stopped) {
                    LOG.warnf("listening to the database is interrupted: %s", lost.getMessage());
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }
}
