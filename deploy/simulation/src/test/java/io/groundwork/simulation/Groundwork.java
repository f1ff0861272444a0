package io.groundwork.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.PoolMachine;
import io.groundwork.approval.domain.ApprovalParticipant;
import io.groundwork.approval.domain.Links;
import io.groundwork.approval.domain.Secrets;
import io.groundwork.cloud.domain.CloudParticipant;
import io.groundwork.cloud.driver.Ec2;
import io.groundwork.cloud.driver.Ec2Driver;
import io.groundwork.cloud.driver.Ec2Patience;
import io.groundwork.events.Design;
import io.groundwork.events.Directory;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All services as their topologies wire them, on simulated topics and back ends. */
final class Groundwork {

    static final String PAYMENTS = "quota/acme/payments";
    static final String BILLING = "quota/acme/billing";

    /** Tight enough that requests get in each other's way. */
    static final Map<String, Map<String, Long>> LIMITS =
            Map.of(PAYMENTS, Map.of("instances", 6L), BILLING, Map.of("instances", 40L, "vcpus", 80L));

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

    final Simulation simulation;
    final Checker checker;
    final SimulatedCloud cloud;
    final SimulatedDirectory directory;
    final SimulatedPost post;
    final Map<String, Machine> machines = new LinkedHashMap<>();

    Groundwork(Simulation simulation, Mutation mutation) {
        this.simulation = simulation;
        this.checker = new Checker(LIMITS);
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
        machines.put("pools", new PoolMachine(pool -> LIMITS.getOrDefault(pool, Map.of())));
        machines.put("cloud", new ParticipantMachine<>(new CloudParticipant(), PROOFS));
        machines.put("cloud-operations", new OperationMachine(Owner.CLOUD, mutation.policy()));
        machines.put("iam", new ParticipantMachine<>(new IamParticipant(), PROOFS));
        machines.put("iam-operations", new OperationMachine(Owner.IAM, mutation.policy()));
        machines.put("notification", new ParticipantMachine<>(new NotificationParticipant(), PROOFS));
        machines.put(
                "notification-operations",
                new OperationMachine(Owner.NOTIFICATION, mutation.policy().notUndoable()));
        machines.replaceAll(mutation::machine);
        machines.forEach(simulation::run);

        Ec2 ec2 = mutation.cloud(cloud);
        var driver = new Ec2Driver(placement -> ec2, simulation::now, Ec2Patience.DEFAULT);
        work(mutation, Owner.CLOUD, driver);
        work(mutation, Owner.IAM, new DirectoryDriver(directory, directory::group));
        work(mutation, Owner.NOTIFICATION, post);
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
