package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What an instance leaves behind that dies under load, the other one takes up soon. */
@Order(11)
@Isolated("runs a second iam-service and kills it")
class FailoverIT extends StackTest {
    private static final String SERVICE = "iam-service";
    /** As docs/compose.md promises. */
    private static final Duration MOVED = Duration.ofSeconds(8);

    private static final int REQUESTS = 100;
    private static final long BETWEEN_MILLIS = 150;
    /** More than requests wait for the dead one at a time. */
    private static final int PEOPLE = 80;

    /** A request that has ended. */
    private record Ended(String id, Instant decided, Instant closed) {

        Duration waited(Instant since) {
            return Duration.between(decided.isAfter(since) ? decided : since, closed);
        }
    }

    @Test
    @Timeout(180)
    void shouldMoveOnSoonAfterOneOfTwoInstancesDied() throws Exception {
        var ended = new ArrayList<Future<Ended>>();
        Instant killed;
        try (var second = processes.second(SERVICE);
                var people = Executors.newScheduledThreadPool(PEOPLE)) {
            awaitTwoAtWork();
            for (int i = 0; i < REQUESTS; i++) {
                ended.add(people.schedule(this::grant, i * BETWEEN_MILLIS, TimeUnit.MILLISECONDS));
            }
            killed = people.schedule(
                            () -> {
                                second.kill();
                                return Instant.now();
                            },
                            REQUESTS / 5 * BETWEEN_MILLIS,
                            TimeUnit.MILLISECONDS)
                    .get();
        }

        var slowest = new ArrayList<Ended>();
        for (var one : ended) {
            slowest.add(one.get());
        }
        slowest.removeIf(one -> one.closed().isBefore(killed));
        slowest.sort((one, other) -> other.waited(killed).compareTo(one.waited(killed)));
        System.out.println("failover: the last request that waited for the dead instance ended after "
                + slowest.getFirst().waited(killed).toMillis() + " ms");
        assertThat(slowest.getFirst().waited(killed))
                .as("from the kill at %s, or the decision, to the end of %s", killed, slowest.getFirst())
                // some waited for the dead one: else nothing was shown
                .isBetween(Duration.ofSeconds(1), MOVED);
    }

    private Ended grant() {
        var id = client.submit(Ask.deploy(Ask.newResource("failover")).nothing().access("operator"));
        approver.approve(id);
        var decided = Instant.now();
        var document = client.awaits(id, "COMPLETED");
        return new Ended(id, decided, Instant.parse(document.path("closedAt").asText()));
    }

    /** Returns when each of two has partitions. */
    private void awaitTwoAtWork() {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.at("kafka")))) {
            await("two instances of " + SERVICE + " with partitions each")
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            shares(admin).stream().filter(share -> share > 0).count() == 2);
        }
    }

    /** How many partitions each member of the service's group has. */
    private static List<Integer> shares(Admin admin) throws IOException, InterruptedException {
        try {
            var group =
                    admin.describeConsumerGroups(Set.of(SERVICE)).all().get().get(SERVICE);
            return group.members().stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .toList();
        } catch (ExecutionException e) {
            throw new IOException("cannot ask for the group of " + SERVICE, e);
        }
    }
}
