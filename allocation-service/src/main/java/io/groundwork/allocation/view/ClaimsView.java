package io.groundwork.allocation.view;

import io.groundwork.allocation.domain.Finding;
import io.groundwork.events.AllocationEvent;
import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.AllocationStarted;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.Envelope;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Json;
import io.groundwork.events.StepEvent;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.view.Batches;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes in what allocation-service has said; each batch in one transaction, again after a failure, and without harm. */
@ApplicationScoped
public class ClaimsView {

    private static final Logger LOG = Logger.getLogger(ClaimsView.class);
    private static final Duration KEPT = Duration.ofDays(30);
    /** Of audits, by kind and whether it was healed. */
    private static final String FINDINGS = "groundwork.allocation.findings";

    private final MeterRegistry metrics;
    private final Batches batches;

    @Inject
    public ClaimsView(MeterRegistry metrics, Batches batches) {
        this.metrics = metrics;
        this.batches = batches;
    }

    /** One batch after the other, as a newer event makes an older one count as a repetition. */
    @Incoming("events")
    @Blocking
    public void events(ConsumerRecords<String, byte[]> batch) throws InterruptedException {
        batches.write(
                Records.list(batch), some -> QuarkusTransaction.requiringNew().run(() -> events(some)));
    }

    /** What audits found; again after a failure, as a repetition is known by its id. */
    @Incoming("findings")
    @Blocking
    public void findings(ConsumerRecords<String, byte[]> batch) throws InterruptedException {
        batches.write(Records.list(batch), this::findings);
    }

    private void findings(List<ConsumerRecord<String, byte[]>> some) {
        var fresh = QuarkusTransaction.requiringNew().call(() -> {
            FindingRow.delete("at < ?1", Instant.now().minus(KEPT));
            var found = new ArrayList<Finding>();
            some.forEach(record -> finding(record).ifPresent(found::add));
            return found;
        });
        fresh.forEach(found -> metrics.counter(
                        FINDINGS,
                        "kind",
                        found.kind().name().toLowerCase(Locale.ROOT),
                        "healed",
                        String.valueOf(found.healed()))
                .increment());
    }

    private static Optional<Finding> finding(ConsumerRecord<String, byte[]> record) {
        var message = Records.message(record);
        var id = message.header(EventCodec.ID);
        var value = message.value();
        if (id == null || value == null || FindingRow.findByIdOptional(id).isPresent()) {
            return Optional.empty();
        }
        var row = new FindingRow();
        row.id = id;
        row.at = Instant.ofEpochMilli(record.timestamp());
        row.finding = Json.read(value, Finding.class);
        row.persist();
        return Optional.of(row.finding);
    }

    private static void events(List<ConsumerRecord<String, byte[]>> some) {
        var resources = some.stream().map(ConsumerRecord::key).collect(Collectors.toSet());
        var rows = new HashMap<String, HoldingRow>();
        HoldingRow.<HoldingRow>list("resource in ?1", resources).forEach(row -> rows.put(row.resource, row));
        for (var record : some) {
            read(record).ifPresent(envelope -> {
                if (envelope.event() instanceof AllocationEvent event) {
                    change(event).ifPresent(change -> apply(record, change, rows));
                }
            });
        }
    }

    private static void apply(
            ConsumerRecord<String, byte[]> record, Consumer<HoldingRow> change, Map<String, HoldingRow> rows) {
        var row = rows.computeIfAbsent(record.key(), resource -> {
            var fresh = new HoldingRow();
            fresh.resource = resource;
            return fresh;
        });
        if (record.offset() > row.lastOffset) {
            change.accept(row);
            row.lastOffset = record.offset();
            row.persist();
        }
    }

    private static Optional<Consumer<HoldingRow>> change(AllocationEvent event) {
        return switch (event) {
            case ResourcesAllocated allocated -> Optional.of(row -> row.add(allocated.claims(), allocated.grants()));
            case ResourcesReleased released -> Optional.of(row -> row.remove(released.claims(), released.grants()));
            case AllocationStarted started -> Optional.empty();
            case AllocationFailed failed -> Optional.empty();
            case CapacityAwaited awaited -> Optional.empty();
            case StepEvent step -> Optional.empty();
        };
    }

    private static Optional<Envelope<?>> read(ConsumerRecord<String, byte[]> record) {
        try {
            var message = Records.message(record);
            return EventCodec.read(message, EventCodec.fact(message));
        } catch (EventCodec.Unreadable unreadable) {
            LOG.warnf(
                    "skipped %s-%d@%d: %s",
                    record.topic(), record.partition(), record.offset(), unreadable.getMessage());
            return Optional.empty();
        }
    }
}
