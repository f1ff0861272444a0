package io.groundwork.simulators.redfish;

import io.groundwork.simulators.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All servers, the journal that they share, and one thread that wakes those whose time has come. */
final class Fleet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Fleet.class.getName());
    /** How late a machine may do what it does by itself: a clock that is not the machine's is only asked so often. */
    private static final long TICK_MILLIS = 20;

    private record Due(Instant at, Server server) {}

    private final Journal journal;
    private final InstantSource clock;
    private final Supplier<RedfishSettings> settings;
    private final Outside outside;
    /** srv-2 before srv-10. */
    private final Map<String, Server> servers = new ConcurrentSkipListMap<>(
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));

    private final PriorityQueue<Due> dues = new PriorityQueue<>(Comparator.comparing(Due::at));
    private final Thread clockwork = new Thread(this::run, "redfish-clockwork");
    private boolean closed;

    private Fleet(Journal journal, InstantSource clock, Supplier<RedfishSettings> settings) {
        this.journal = journal;
        this.clock = clock;
        this.settings = settings;
        this.outside = new Outside(this);
    }

    /** The fleet as the directory has it, and those of {@code specs} that it does not have yet. */
    static Fleet open(
            @Nullable Path directory, List<ServerSpec> specs, InstantSource clock, Supplier<RedfishSettings> settings)
            throws IOException {
        var fleet = new Fleet(directory == null ? Journal.inMemory() : Journal.open(directory), clock, settings);
        try {
            specs.forEach(fleet::put);
            fleet.journal.forEach((key, value) -> {
                try {
                    var id = key.substring(Server.KEY.length());
                    var server = fleet.servers.get(id);
                    if (server == null) {
                        server = fleet.put(ServerSpec.of(id, ServerType.SMALL, Profile.STANDARD, ""));
                    }
                    server.restore(value);
                } catch (IOException e) {
                    throw new UncheckedIOException(key + " cannot be read from the journal", e);
                }
            });
        } catch (IOException | RuntimeException e) {
            fleet.close();
            throw e;
        }
        fleet.clockwork.setDaemon(true);
        fleet.clockwork.start();
        return fleet;
    }

    private Server put(ServerSpec spec) {
        var server = new Server(spec, this, journal);
        servers.put(spec.id(), server);
        return server;
    }

    /** Adds a server and keeps it; false if there is one of that name. */
    boolean add(ServerSpec spec) {
        var server = new Server(spec, this, journal);
        if (servers.putIfAbsent(spec.id(), server) != null) {
            return false;
        }
        server.alone(machine -> {
            machine.change();
            return null;
        });
        return true;
    }

    Optional<Server> server(@Nullable String id) {
        return id == null ? Optional.empty() : Optional.ofNullable(servers.get(id));
    }

    Collection<Server> servers() {
        return servers.values();
    }

    Stream<ServerView> views() {
        return servers().stream().map(server -> server.alone(machine -> ServerView.of(machine, now(), settings())));
    }

    /** In milliseconds, as times are written. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    RedfishSettings settings() {
        return settings.get();
    }

    Outside outside() {
        return outside;
    }

    void wake(Server server, Instant at) {
        synchronized (dues) {
            dues.add(new Due(at, server));
            dues.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                var due = take();
                if (due == null) {
                    return;
                }
                try {
                    due.server.wake(due.at);
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "Redfish simulator failed on " + due.server.id(), e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the next; null at the end. */
    private @Nullable Due take() throws InterruptedException {
        synchronized (dues) {
            while (!closed) {
                var next = dues.peek();
                if (next == null) {
                    dues.wait();
                } else if (clock.instant().isBefore(next.at)) {
                    dues.wait(TICK_MILLIS);
                } else {
                    return dues.poll();
                }
            }
            return null;
        }
    }

    @Override
    public void close() {
        synchronized (dues) {
            closed = true;
            dues.notifyAll();
        }
        outside.close();
        journal.close();
    }
}
