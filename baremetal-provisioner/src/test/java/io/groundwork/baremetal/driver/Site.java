package io.groundwork.baremetal.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groundwork.baremetal.BaremetalConfig.Media;
import io.groundwork.baremetal.domain.InstanceOrder;
import io.groundwork.baremetal.domain.InstanceOrder.Installation;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.baremetal.driver.RedfishDriver.Surroundings;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Catalogue.Disk;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Component.SshKey;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Work;
import io.groundwork.runtime.WorkResult;
import io.groundwork.runtime.Worker;
import io.groundwork.simulators.redfish.Profile;
import io.groundwork.simulators.redfish.RedfishSettings;
import io.groundwork.simulators.redfish.RedfishSimulator;
import io.groundwork.simulators.redfish.ServerSpec;
import io.groundwork.simulators.redfish.ServerView;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Simulated servers, the real driver in front of them, and beside them what the service has: boot files and calls home. */
final class Site implements AutoCloseable {

    static final ResourceId RESOURCE = ResourceId.parse("acme/payments/web-prod");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final RedfishSimulator simulator;
    final Map<String, Boots.BootData> boots = new ConcurrentHashMap<>();
    final Set<String> home = ConcurrentHashMap.newKeySet();
    final Bmcs bmcs;
    private final HttpServer server;
    private final Tokens tokens = new Tokens("a secret that only this test ever knows");
    private final URI base;
    /** Of what is served here. */
    private final BootUrls urls;
    /** Of what the driver tells servers. */
    private BootUrls told;

    private String image = "http://images/debian-12";
    private UnaryOperator<Redfish> between = redfish -> redfish;
    private @Nullable String cleaningImage = "cleaning";
    private final Set<String> fetched = ConcurrentHashMap.newKeySet();
    /** How many more requests of servers that boot are not answered. */
    private final AtomicInteger unanswered = new AtomicInteger();

    private Duration softPowerOff = Duration.ofSeconds(5);
    private Duration bootTime = Duration.ofMinutes(1);

    private Site(List<ServerSpec> servers) throws IOException {
        simulator = RedfishSimulator.start(RedfishSimulator.Config.defaults()
                .withServers(servers.stream())
                .withSettings(RedfishSettings.DEFAULT.withPace(Duration.ofMillis(30))));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        urls = new BootUrls(base, tokens, Media.SIMULATED);
        told = urls;
        simulator.change(simulator.settings().with("{\"netbootUrl\": \"" + base + "/v1/netboot/{server}\"}"));
        bmcs = new Bmcs(null, Duration.ofSeconds(2))
                .with("lab", RedfishSimulator.Config.DEFAULT_USER, RedfishSimulator.Config.DEFAULT_PASSWORD);
    }

    static Site of(Profile profile) {
        try {
            return new Site(ServerSpec.numbered(2)
                    .map(spec -> spec.withProfile(profile))
                    .toList());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Site without(String image) {
        cleaningImage = null;
        return this;
    }

    Site bootTime(Duration time) {
        bootTime = time;
        return this;
    }

    /** Leaves so many requests of servers that boot without what they ask for. */
    Site unanswered(int requests) {
        unanswered.set(requests);
        return this;
    }

    /** Virtual media are images of somebody else's, who knows nothing of what is served here. */
    Site mediaElsewhere() {
        told = new BootUrls(base, tokens, Media.IPXE);
        image = base + "/v1/elsewhere/srv-1";
        return this;
    }

    Site softPowerOff(Duration time) {
        softPowerOff = time;
        return this;
    }

    /** Puts something between the driver and its BMCs. */
    Site between(UnaryOperator<Redfish> what) {
        between = what;
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var parts = exchange.getRequestURI().getPath().split("/", -1);
            var boot = boots.get(parts[3]);
            var known = boot != null
                    && unanswered.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                    && (Set.of("netboot", "elsewhere").contains(parts[2]) || urls.fits(boot, parts[4]));
            var body = !known
                    ? Optional.<String>empty()
                    : switch (parts[2]) {
                        case "elsewhere" -> urls.file(boot, "boot");
                        case "boot" -> urls.file(boot, parts[5]);
                        case "netboot" -> urls.file(boot, "boot");
                        default -> {
                            home.add(boot.operation());
                            yield Optional.of("welcome");
                        }
                    };
            if (known && Set.of("boot", "netboot").contains(parts[2])) {
                fetched.add(boot.server());
            }
            var bytes = body.orElse("nothing here").getBytes(UTF_8);
            exchange.sendResponseHeaders(body.isPresent() ? 200 : 404, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    Bmc bmc(String id) {
        return new Bmc(simulator.bmc(id), "lab", simulator.fingerprint());
    }

    ServerView view(String id) {
        return simulator.server(id);
    }

    RedfishDriver driver() {
        var type = new ServerType(
                128, 256, List.of(new Disk(400, "ssd"), new Disk(3000, "nvme")), 4, List.of(), BigDecimal.TEN, "EUR");
        var around = new Surroundings(
                InstantSource.system(),
                new BmcPatience(softPowerOff, bootTime, Duration.ofMillis(20), Duration.ofMillis(60)),
                new Boots() {
                    @Override
                    public void put(BootData boot) {
                        boots.put(boot.server(), boot);
                        fetched.remove(boot.server());
                    }

                    @Override
                    public boolean unfetched(String id, String operation) {
                        return boots.containsKey(id) && !fetched.contains(id);
                    }

                    @Override
                    public void remove(String id) {
                        boots.remove(id);
                    }
                },
                told,
                site -> new SimulatedSwitch(
                        bmcs.http(simulator.fingerprint()), simulator.baseUrl(), Duration.ofSeconds(2)),
                site -> Optional.ofNullable(cleaningImage),
                name -> name.equals("m1.large") ? Optional.of(type) : Optional.empty());
        return new RedfishDriver(bmc -> between.apply(bmcs.apply(bmc)), around);
    }

    /** One work of an operation. */
    WorkResult work(String operation, ServerTask task, @Nullable JsonNode checkpoint, long fence, int tries) {
        return work(operation, task, Goal.DONE, checkpoint, fence, Instant.now(), tries);
    }

    /** One work while a call of an earlier one may still come. */
    WorkResult unsettled(String operation, ServerTask task) {
        return work(operation, task, Goal.DONE, null, 1, Instant.now().plusSeconds(60), 0);
    }

    /** One work that shall leave a server as it is. */
    WorkResult leave(String id, Instant settledAt, boolean reads) {
        return work("srv-1/1", new ServerTask.Leave(id, bmc(id), reads), Goal.UNDONE, null, 2, settledAt, 0);
    }

    private WorkResult work(
            String operation,
            ServerTask task,
            Goal goal,
            @Nullable JsonNode checkpoint,
            long fence,
            Instant settledAt,
            int tries) {
        var worker = new Worker<>(Owner.BAREMETAL, driver(), "worker-" + fence, InstantSource.system());
        var now = Instant.now();
        var order = new Order(
                operation,
                RESOURCE,
                new RequestId(new UUID(0, 1)),
                0,
                null,
                1,
                "site-ams1",
                List.of(task.server()),
                goal,
                Order.specification(task));
        var work = new Work(order, checkpoint, fence, now.plusSeconds(60), settledAt, tries);
        var answer = worker.work(Commands.message(
                Topics.work(Owner.BAREMETAL, "site-ams1"), operation, "work", Work.TYPE, now, null, work));
        return Json.read(java.util.Objects.requireNonNull(answer.value()), WorkResult.class);
    }

    /** Works until the operation is done, or failed for good. */
    WorkResult run(String operation, ServerTask task) {
        return run(operation, task, null, 0);
    }

    /** @param from the fence of the last work so far */
    WorkResult run(String operation, ServerTask task, @Nullable JsonNode from, long fence) {
        var checkpoint = new AtomicReference<>(from);
        var works = new AtomicReference<>(fence);
        var last = new AtomicReference<WorkResult>();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(30))
                .until(() -> {
                    var found = work(operation, now(task, operation), checkpoint.get(), works.get() + 1, 0);
                    works.set(works.get() + 1);
                    if (found.checkpoint() != null) {
                        checkpoint.set(found.checkpoint());
                    }
                    last.set(found);
                    return switch (found.kind()) {
                        case DONE -> true;
                        case PENDING, DROPPED -> false;
                        case FAILED ->
                            found.failure() == null || !found.failure().retryable();
                    };
                });
        return last.get();
    }

    /** With what was heard of the server meanwhile. */
    private ServerTask now(ServerTask task, String operation) {
        var called = home.contains(operation);
        return switch (task) {
            case ServerTask.Deploy deploy ->
                new ServerTask.Deploy(deploy.server(), deploy.bmc(), deploy.instance(), deploy.held(), called);
            case ServerTask.Clean clean ->
                new ServerTask.Clean(
                        clean.server(),
                        clean.bmc(),
                        clean.site(),
                        clean.allowDataLoss(),
                        clean.inUse(),
                        clean.held(),
                        called);
            default -> task;
        };
    }

    ServerTask.Deploy deploy(String id, Boot boot, boolean diskless, boolean allowDataLoss) {
        return new ServerTask.Deploy(
                id,
                bmc(id),
                new InstanceOrder(
                        id,
                        7,
                        "ams1",
                        RESOURCE,
                        "db",
                        0,
                        new Installation(
                                new OsTemplate(
                                        boot,
                                        image,
                                        null,
                                        null,
                                        "console=ttyS0",
                                        "#cloud-config\npackages: [postgresql]\n",
                                        null,
                                        diskless,
                                        "Debian 12"),
                                List.of("default"),
                                List.of(new AllocatedAddress(
                                        "db",
                                        0,
                                        "default",
                                        "ams1-default",
                                        "10.20.0.11",
                                        24,
                                        "10.20.0.1",
                                        List.of("10.20.0.2"),
                                        "ip-10-20-0-11.ams1.example")),
                                new SshKey("ops", "ssh-ed25519 AAAA"),
                                "#!/bin/sh\necho hello\n",
                                allowDataLoss),
                        null),
                false,
                false);
    }

    ServerTask.Clean clean(String id, boolean allowDataLoss) {
        return clean(id, allowDataLoss, null);
    }

    ServerTask.Clean clean(String id, boolean allowDataLoss, @Nullable String inUse) {
        return new ServerTask.Clean(id, bmc(id), "ams1", allowDataLoss, inUse, false, false);
    }

    ServerTask.Undeploy undeploy(String id) {
        return undeploy(id, null);
    }

    ServerTask.Undeploy undeploy(String id, @Nullable Shutdown shutdown) {
        return new ServerTask.Undeploy(id, bmc(id), "ams1", shutdown);
    }

    @Override
    public void close() {
        server.stop(0);
        simulator.close();
    }
}
