package io.groundwork.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** How late deadlines come, by the event topic of approvals alone: what was asked says when it is over, and what expired when it came. */
final class Expiry implements AutoCloseable {

    private static final String EXPIRED = "io.groundwork.approval.approval-expired.v1";
    /** After the last deadline. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Instant> deadlines = new HashMap<>();
    private final Map<String, Seen> expired = new HashMap<>();
    private final Set<String> twice = new HashSet<>();

    /**
     * An approval that expired.
     *
     * @param said the time of the record
     * @param read when it was there for others, which is after its transaction
     */
    private record Seen(Instant said, Instant read) {}

    /** Looks at what is said from now on. */
    Expiry(Target target) {
        consumer = target.fromNowOn(Load.APPROVALS);
    }

    /**
     * What was seen.
     *
     * @param early said before their deadline
     * @param missing that were asked, or should have been, and did not expire
     * @param dueWithinSeconds from the first deadline to the last
     * @param peakPerSecond in the second that had most
     * @param p50Millis from the deadline to when others could read of it
     */
    record Result(
            int expired,
            int early,
            int twice,
            int missing,
            double dueWithinSeconds,
            long peakPerSecond,
            double p50Millis,
            double p99Millis,
            double mostMillis) {}

    /**
     * Waits until all have been asked; when the last of them is due.
     *
     * @throws IOException if any was due before
     */
    Instant lastDeadline(int count, Duration timeout) throws IOException {
        var until = Instant.now().plus(timeout);
        while (deadlines.size() < count && Instant.now().isBefore(until)) {
            take();
        }
        if (deadlines.size() < count || !expired.isEmpty()) {
            throw new IOException("the first were due before all had been asked: take a longer --timeout");
        }
        return Collections.max(deadlines.values());
    }

    /** Waits until all have expired, or should have. */
    Result result(int count, Duration timeout) throws IOException {
        var until = Instant.now().plus(timeout).plus(PATIENCE);
        while (expired.size() < count && Instant.now().isBefore(until)) {
            take();
        }
        // what comes twice comes soon after
        var last = Instant.now().plusSeconds(5);
        while (Instant.now().isBefore(last)) {
            take();
        }
        var late = new ArrayList<Double>();
        var perSecond = new TreeMap<Long, Long>();
        var early = new HashSet<String>();
        expired.forEach((request, seen) -> {
            var deadline = deadlines.get(request);
            if (deadline != null) {
                late.add((double) Duration.between(deadline, seen.read).toMillis());
                perSecond.merge(seen.read.getEpochSecond(), 1L, Long::sum);
                if (seen.said.isBefore(deadline.truncatedTo(ChronoUnit.MILLIS))) {
                    early.add(request);
                }
            }
        });
        Collections.sort(late);
        var due = deadlines.values().stream().sorted().toList();
        return new Result(
                late.size(),
                early.size(),
                twice.size(),
                count - late.size(),
                due.isEmpty()
                        ? 0
                        : Duration.between(due.getFirst(), due.getLast()).toMillis() / 1e3,
                perSecond.values().stream().mapToLong(each -> each).max().orElse(0),
                Load.percentile(late, 0.5),
                Load.percentile(late, 0.99),
                Load.percentile(late, 1));
    }

    private void take() throws IOException {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
            var request = Load.header(record.headers(), "ce_requestid");
            switch (Load.header(record.headers(), "ce_type")) {
                case Load.ASKED ->
                    deadlines.put(
                            request,
                            Instant.parse(Target.JSON
                                    .readTree(record.value())
                                    .path("deadline")
                                    .asText()));
                case EXPIRED -> {
                    var seen = new Seen(Instant.ofEpochMilli(record.timestamp()), Instant.now());
                    if (expired.putIfAbsent(request, seen) != null) {
                        twice.add(request);
                    }
                }
                default -> {}
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
