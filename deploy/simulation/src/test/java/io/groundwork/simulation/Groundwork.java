package io.groundwork.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.InventoryMachine;
import io.groundwork.allocation.domain.PoolMachine;
import io.groundwork.approval.domain.ApprovalParticipant;
import io.groundwork.approval.domain.Links;
import io.groundwork.approval.domain.Secrets;
import io.groundwork.baremetal.domain.Deadlines;
import io.groundwork.baremetal.domain.MetalParticipant;
import io.groundwork.baremetal.domain.ServerMachine;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.cloud.domain.CloudParticipant;
import io.groundwork.cloud.driver.Ec2;
import io.groundwork.cloud.driver.Ec2Driver;
import io.groundwork.cloud.driver.Ec2Patience;
import io.groundwork.events.Design;
import io.groundwork.events.Directory;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.iam.domain.IamParticipant;
import io.groundwork.iam.driver.DirectoryDriver;
import io.groundwork.notification.domain.NotificationParticipant;
import io.groundwork.request.domain.RequestParticipant;
import io.groundwork.request.domain.StepTimeouts;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Worker;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All services as their topologies wire them, on simulated topics and back ends. */
final class Groundwork {

    static {
        CheapCryptography.install();
    }

    private static final KeyPair PROOF = keys("Ed25519");
    private static final KeyPair SEAL = keys("X25519");
    private static final Proofs PROOFS =
            new Proofs(Map.of("simulated", base64(PROOF.getPublic().getEncoded())));
    private static final Map<String, Directory.User> USERS = Map.of(
            "dev@acme.example", user("requester"),
            "lead@acme.example", user("approver"),
            "second@acme.example", user("approver"));

    /** What only baremetal-provisioner knows. */
    private static final Tokens TOKENS = new Tokens("a secret of thirty-two characters");

    /** As the service has it by default. */
    private static final OperationPolicy BMCS = ServerMachine.policy(Duration.ofSeconds(60), Duration.ofSeconds(15));

    /** How many servers of a site may be deploying, or cleaning, at a time, in each partition. */
    static final int PLACES = 2;

    /** With few places, so that servers wait for one. */
    private static final Deadlines DEADLINES = new Deadlines(
            Duration.ofHours(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofMinutes(40),
            Duration.ofMinutes(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            PLACES,
            PLACES);

    final Simulation simulation;
    final Landscape landscape;
    final Checker checker;
    final SimulatedCloud cloud;
    final SimulatedDirectory directory;
    final SimulatedPost post;
    private final @Nullable SimulatedBmcs bmcs;
    final Map<String, Machine> machines = new LinkedHashMap<>();

    Groundwork(Simulation simulation, Landscape landscape, Mutation mutation) {
        this.simulation = simulation;
        this.landscape = landscape;
        this.checker = new Checker(landscape);
        this.cloud = new SimulatedCloud(
                simulation, OperationPolicy.DEFAULT.callTime(), Ec2Patience.DEFAULT.consistencyWindow(), checker);
        this.directory = new SimulatedDirectory(simulation, checker);
        this.post = new SimulatedPost(simulation);
        checker.watch(cloud, directory);
        simulation.log().watch(checker::read);

        var secrets = new Secrets(
                new Links("http://localhost:8081", "a secret of thirty-two characters"),
                base64(SEAL.getPublic().getEncoded()),
                "simulated",
                base64(PROOF.getPrivate().getEncoded()));
        machines.put("request", new ParticipantMachine<>(new RequestParticipant(StepTimeouts.DEFAULT), PROOFS));
        machines.put(
                "approval",
                new ParticipantMachine<>(
                        new ApprovalParticipant(
                                name -> Optional.ofNullable(USERS.get(name)),
                                "eu-central-1"::equals,
                                "standard"::equals,
                                secrets),
                        PROOFS));
        machines.put("allocation", new ParticipantMachine<>(new AllocationParticipant(), PROOFS));
        machines.put("pools", new PoolMachine(mutation.rules(landscape)));
        machines.put("cloud", new ParticipantMachine<>(new CloudParticipant(), PROOFS));
        machines.put("cloud-operations", new OperationMachine(Owner.CLOUD, mutation.policy()));
        machines.put("iam", new ParticipantMachine<>(new IamParticipant(), PROOFS));
        machines.put("iam-operations", new OperationMachine(Owner.IAM, mutation.policy()));
        machines.put("notification", new ParticipantMachine<>(new NotificationParticipant(), PROOFS));
        machines.put(
                "notification-operations",
                new OperationMachine(Owner.NOTIFICATION, mutation.policy().notUndoable()));
        if (landscape.metal()) {
            machines.put("inventory", new InventoryMachine());
            machines.put("baremetal", new ParticipantMachine<>(new MetalParticipant(), PROOFS));
            machines.put("servers", new ServerMachine(DEADLINES, TOKENS));
            machines.put("baremetal-operations", new OperationMachine(Owner.BAREMETAL, BMCS));
            simulation.log().watch(this::place);
        }
        machines.replaceAll(mutation::machine);
        machines.forEach(simulation::run);

        Ec2 ec2 = mutation.cloud(cloud);
        var driver = new Ec2Driver(placement -> ec2, simulation::now, Ec2Patience.DEFAULT);
        work(mutation, Owner.CLOUD, driver);
        work(mutation, Owner.IAM, new DirectoryDriver(directory, directory::group));
        work(mutation, Owner.NOTIFICATION, post);
        if (landscape.metal()) {
            bmcs = new SimulatedBmcs(
                    simulation, landscape, TOKENS, BMCS.callTime(), mutation::redfish, checker.metal());
            checker.metal().watch(bmcs, simulation.log()::partitionOf);
            work(mutation, Owner.BAREMETAL, bmcs);
        } else {
            bmcs = null;
        }
    }

    /** The servers, where there are any. */
    SimulatedBmcs bmcs() {
        return Objects.requireNonNull(bmcs);
    }

    /** In the services a table of every process of allocation-service. */
    private void place(Log.Entry entry) {
        var message = entry.message();
        if (message.topic().equals(Topics.PLACES)) {
            landscape.place(
                    message.key(),
                    message.value() == null
                            ? null
                            : message.read(InventoryMachine.Place.class).pool());
        }
    }

    /** Three processes for each owner: enough for a work to be with two of them. */
    private <P, C> void work(Mutation mutation, Owner owner, Driver<P, C> driver) {
        simulation.work(
                owner.word() + ".work.",
                List.of("@a", "@b", "@c").stream()
                        .map(process -> owner.word() + process)
                        .map(name -> {
                            var worker = new Worker<>(owner, driver, name, simulation::now);
                            return new WorkerProcess(name, work -> worker.work(mutation.work(work)));
                        })
                        .toList());
    }

    /** What the pools hold by their own word, by pool and measure. */
    Map<String, Map<String, Long>> pools() {
        var pools = new TreeMap<String, Map<String, Long>>();
        for (var stores : simulation.stores("pools")) {
            for (var pool : stores.store("pools").range("", "~", 100)) {
                var used = new TreeMap<String, Long>();
                Json.read(pool.value(), JsonNode.class)
                        .get("used")
                        .properties()
                        .forEach(measure ->
                                used.put(measure.getKey(), measure.getValue().asLong()));
                pools.put(pool.key(), used);
            }
        }
        return pools;
    }

    /** Access for a design, that can be granted or not. */
    List<Design.AccessGrant> access(Chance chance, boolean possible) {
        if (chance.oneIn(2)) {
            return List.of();
        }
        return List.of(
                new Design.AccessGrant(SimulatedDirectory.GROUP, possible || chance.oneIn(2) ? "operator" : "emperor"));
    }

    private static Directory.User user(String... roles) {
        return new Directory.User("acme", "somebody", List.of(roles));
    }

    private static KeyPair keys(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
