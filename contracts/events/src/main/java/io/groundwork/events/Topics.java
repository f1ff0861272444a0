package io.groundwork.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one catalogue of topics: the launcher and a deployment create them from it, the services check it at start.
 *
 * <p>All topics keyed by resource id have the same number of partitions and keep it for life: another number would move keys to
 * other partitions and break the order of a resource's events.
 */
public final class Topics {

    /** Partitions of every topic unless configured otherwise at its creation. */
    public static final int PARTITIONS = 6;

    /** Exactly one record for each request that was accepted; public. Key: resource id. Kept for ever. */
    public static final String COMPLETIONS = "request.completions.v1";

    /**
     * Mails to render, with their sealed links; private to approval-service (writer) and notification-service. Key: resource id.
     * A day, as a link lives no longer in a topic than a delivery may be retried.
     */
    public static final String MAILS = "approval.mails.v1";

    /** Flavors, images, networks, regions, profiles, sites, server types, OS templates, subnets, quotas. Key: {@code <kind>/<name>}. Compacted. */
    public static final String CATALOGUE = "allocation.catalogue.v1";

    /** Tenants, projects, users, groups. Key: {@code <kind>/<name>}. Compacted. */
    public static final String DIRECTORY = "iam.directory.v1";

    /** Private to allocation-service: claims, releases, and what was said of a pool's servers. Key: the claimable. */
    public static final String CLAIMS = "allocation.claims.v1";

    /** Every server as it is now, a {@link ServerFact}, for the pools and for views. Key: server id. Compacted. */
    public static final String INVENTORY = "baremetal.inventory.v1";

    /**
     * A {@link Reservation} or the end of one, for baremetal-provisioner. Key: server id. A week, as it is acted on when read and
     * an order of a newer fence stands for one that was missed.
     */
    public static final String RESERVATIONS = "allocation.reservations.v1";

    /**
     * What came of the last look at each provider account in each region, an {@link AccountFact}, for checks. Key:
     * {@code <profile>/<region>}. Compacted.
     */
    public static final String ACCOUNTS = "cloud.accounts.v1";

    /** Every pool's totals, at most a second old. Key: the claimable. Compacted. */
    public static final String POOLS = "allocation.pools.v1";

    /** The pool of every server, private to allocation-service. Key: server id. Compacted. */
    public static final String PLACES = "allocation.places.v1";

    /** What allocation-service's audits found. Key: the claimable. Thirty days, as a view of it is only of interest while fresh. */
    public static final String FINDINGS = "allocation.findings.v1";

    /** Private to baremetal-provisioner: what is asked of a server and what became of it. Key: server id. */
    public static final String SERVERS = "baremetal.servers.v1";

    /** Private to baremetal-provisioner: every server as its operators see it, for its view. Key: server id. Compacted. */
    public static final String REGISTRY = "baremetal.registry.v1";

    private static final @Nullable Duration FOR_EVER = null;
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Set<Owner> WITH_BACK_ENDS =
            EnumSet.of(Owner.CLOUD, Owner.BAREMETAL, Owner.IAM, Owner.NOTIFICATION);
    /** Queues that stand from the start, so that the first work in them does not wait for a worker to find its topic. */
    private static final Map<Owner, List<String>> KNOWN_QUEUES = new TreeMap<>(Map.of(
            Owner.CLOUD, List.of("ec2-eu-central-1", "ec2-us-east-1"),
            Owner.BAREMETAL, List.of("site-ams1"),
            Owner.IAM, List.of("directory"),
            Owner.NOTIFICATION, List.of("mail", "webhook")));

    private static final Set<String> REDRIVES =
            Stream.of(Owner.values()).map(Topics::redrive).collect(Collectors.toUnmodifiableSet());

    private static final Set<Owner> WITH_TABLES = EnumSet.of(Owner.ALLOCATION, Owner.IAM);

    /** What one owner has to say to all others. Key: resource id. Kept for ever. */
    public static String events(Owner owner) {
        return owner.word() + ".events.v1";
    }

    /** What people ask of a service through its REST, and its own requests to itself. Key: resource id. */
    public static String commands(Owner owner) {
        return owner.word() + ".commands.v1";
    }

    /**
     * What administrators change in an owner's compacted table. Key: {@code <kind>/<name>}. One partition: changes have one order,
     * so that one can depend on another entry.
     */
    public static String administration(Owner owner) {
        return owner.word() + ".administration.v1";
    }

    /** Answers to commands, for the instance that waits for them. Key: command id. */
    public static String replies(Owner owner) {
        return owner.word() + ".replies.v1";
    }

    /** Operations to start, undo or retry; private to the owner. Key: operation id. */
    public static String operations(Owner owner) {
        return owner.word() + ".operations.v1";
    }

    /** One attempt each at a side effect, for the workers of a queue. Key: operation id. */
    public static String work(Owner owner, String queue) {
        return owner.word() + ".work." + queue + ".v1";
    }

    /** What workers found. Key: operation id. */
    public static String results(Owner owner) {
        return owner.word() + ".results.v1";
    }

    /** What became of operations and claims; private to the owner. Key: resource id. */
    public static String outcomes(Owner owner) {
        return owner.word() + ".outcomes.v1";
    }

    /** What a service could not read or decide on, with its cause. Key: as it came. */
    public static String deadLetters(Owner owner) {
        return owner.service() + ".dead-letters.v1";
    }

    /** Dead letters to be handled again. Key: as it came. */
    public static String redrive(Owner owner) {
        return owner.service() + ".redrive.v1";
    }

    /** Whether {@code topic} is some service's {@link #redrive}. */
    public static boolean isRedrive(String topic) {
        return REDRIVES.contains(topic);
    }

    /** Whether {@code topic} carries only what {@code owner}'s own parts tell each other. */
    public static boolean isInternal(Owner owner, String topic) {
        return topic.equals(operations(owner))
                || topic.equals(results(owner))
                || topic.equals(administration(owner))
                || topic.startsWith(owner.word() + ".work.")
                || (owner == Owner.ALLOCATION && topic.equals(CLAIMS));
    }

    /** The owner whose event topic this is. */
    public static Optional<Owner> ownerOfEvents(String topic) {
        return Stream.of(Owner.values())
                .filter(owner -> events(owner).equals(topic))
                .findFirst();
    }

    /**
     * Every topic but the work queues of further regions, which their owner creates when it first needs one.
     *
     * @param partitions of each topic
     */
    public static List<Topic> catalogue(int partitions) {
        var topics = new ArrayList<Topic>();
        for (var owner : Owner.values()) {
            topics.add(new Topic(events(owner), partitions, Key.RESOURCE, FOR_EVER, false, owner));
            // what was accepted is never lost, however long the service that decides on it is down
            topics.add(new Topic(commands(owner), partitions, Key.RESOURCE, FOR_EVER, false, owner));
            topics.add(new Topic(outcomes(owner), partitions, Key.RESOURCE, WEEK, false, owner));
            topics.add(new Topic(replies(owner), partitions, Key.OTHER, Duration.ofHours(1), false, owner));
            topics.add(new Topic(deadLetters(owner), partitions, Key.OTHER, FOR_EVER, false, owner));
            topics.add(new Topic(redrive(owner), partitions, Key.OTHER, WEEK, false, owner));
            if (WITH_BACK_ENDS.contains(owner)) {
                topics.add(new Topic(operations(owner), partitions, Key.RESOURCE, WEEK, false, owner));
                topics.add(new Topic(results(owner), partitions, Key.RESOURCE, WEEK, false, owner));
            }
            if (WITH_TABLES.contains(owner)) {
                topics.add(new Topic(administration(owner), 1, Key.OTHER, FOR_EVER, false, owner));
            }
        }
        topics.add(new Topic(COMPLETIONS, partitions, Key.RESOURCE, FOR_EVER, false, Owner.REQUEST));
        topics.add(new Topic(MAILS, partitions, Key.RESOURCE, Duration.ofDays(1), false, Owner.APPROVAL));
        topics.add(new Topic(CATALOGUE, 1, Key.OTHER, FOR_EVER, true, Owner.ALLOCATION));
        topics.add(new Topic(DIRECTORY, 1, Key.OTHER, FOR_EVER, true, Owner.IAM));
        KNOWN_QUEUES.forEach((owner, queues) -> queues.forEach(queue -> topics.add(queue(owner, queue, partitions))));
        topics.add(new Topic(CLAIMS, partitions, Key.OTHER, WEEK, false, Owner.ALLOCATION));
        topics.add(new Topic(INVENTORY, partitions, Key.OTHER, FOR_EVER, true, Owner.BAREMETAL));
        topics.add(new Topic(RESERVATIONS, partitions, Key.OTHER, WEEK, false, Owner.ALLOCATION));
        topics.add(new Topic(POOLS, partitions, Key.OTHER, FOR_EVER, true, Owner.ALLOCATION));
        topics.add(new Topic(ACCOUNTS, 1, Key.OTHER, FOR_EVER, true, Owner.CLOUD));
        topics.add(new Topic(PLACES, 1, Key.OTHER, FOR_EVER, true, Owner.ALLOCATION));
        topics.add(new Topic(FINDINGS, partitions, Key.OTHER, Duration.ofDays(30), false, Owner.ALLOCATION));
        topics.add(new Topic(SERVERS, partitions, Key.OTHER, WEEK, false, Owner.BAREMETAL));
        topics.add(new Topic(REGISTRY, partitions, Key.OTHER, FOR_EVER, true, Owner.BAREMETAL));
        return topics;
    }

    /** A work queue as a topic. A week: work past its time is dropped by the worker, whatever is kept. */
    public static Topic queue(Owner owner, String queue, int partitions) {
        return new Topic(work(owner, queue), partitions, Key.OTHER, WEEK, false, owner);
    }

    /**
     * One topic.
     *
     * @param retention null: for ever
     * @param compacted whether the last record of each key is kept for ever
     * @param writer the only service that writes to it
     */
    public record Topic(
            String name, int partitions, Key key, @Nullable Duration retention, boolean compacted, Owner writer) {}

    /** What a topic is keyed by. */
    public enum Key {
        /** The resource id, or an operation of which the first few stand with their resource: all such topics are co-partitioned. */
        RESOURCE,
        OTHER
    }

    private Topics() {}
}
