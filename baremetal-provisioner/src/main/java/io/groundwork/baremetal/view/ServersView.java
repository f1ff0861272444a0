package io.groundwork.baremetal.view;

import io.groundwork.baremetal.BaremetalConfig;
import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.events.Json;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.view.Batches;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes in the registry; each batch in one transaction, again after a failure, and without harm. */
@ApplicationScoped
public class ServersView {

    private static final Logger LOG = Logger.getLogger(ServersView.class);
    private static final Duration HISTORY_KEPT = Duration.ofDays(90);
    /** Of servers whose power somebody else has switched, by site. */
    private static final String DRIFTS = "groundwork.baremetal.power.drifts";

    private final Duration lookEvery;
    private final MeterRegistry metrics;
    private final Batches batches;

    @Inject
    public ServersView(BaremetalConfig config, MeterRegistry metrics, Batches batches) {
        this.lookEvery = config.looks().every();
        this.metrics = metrics;
        this.batches = batches;
    }

    @Incoming("registry")
    @Blocking
    public void servers(ConsumerRecords<String, byte[]> batch) throws InterruptedException {
        batches.write(Records.list(batch), this::write);
    }

    private void write(List<ConsumerRecord<String, byte[]>> some) {
        var drifted = QuarkusTransaction.requiringNew().call(() -> {
            HistoryRow.delete("at < ?1", Instant.now().minus(HISTORY_KEPT));
            return some.stream()
                    .map(this::server)
                    .flatMap(Optional::stream)
                    .map(entry -> entry.registration().site())
                    .toList();
        });
        drifted.forEach(site -> metrics.counter(DRIFTS, "site", site).increment());
    }

    /** Writes what a record says of a server, and answers the server if its power has come to be another than it was left. */
    private Optional<ServerEntry> server(ConsumerRecord<String, byte[]> record) {
        var known = ServerRow.<ServerRow>findById(record.key());
        if (known != null && record.offset() <= known.lastOffset) {
            return Optional.empty();
        }
        var before = known == null ? null : known.entry();
        if (record.value() == null) {
            if (known != null) {
                history(record, before, null);
                LookRow.forget(record.key());
                known.delete();
            }
            return Optional.empty();
        }
        ServerEntry entry;
        try {
            entry = Json.read(record.value(), ServerEntry.class);
        } catch (UncheckedIOException unreadable) {
            LOG.warnf(unreadable, "skipped %s-%d@%d", record.topic(), record.partition(), record.offset());
            return Optional.empty();
        }
        history(record, before, entry);
        if (entry.watched() && !lookEvery.isZero()) {
            LookRow.watch(entry.id(), lookEvery);
        } else {
            LookRow.forget(entry.id());
        }
        var row = known == null ? new ServerRow() : known;
        row.id = record.key();
        row.lastOffset = record.offset();
        row.show(entry);
        row.persist();
        return Optional.of(entry).filter(now -> now.drift() != null && (before == null || before.drift() == null));
    }

    private static void history(
            ConsumerRecord<String, byte[]> record, @Nullable ServerEntry before, @Nullable ServerEntry now) {
        var id = record.partition() + "@" + record.offset();
        var changes = HistoryRow.changes(before, now);
        if (changes.isEmpty() || HistoryRow.findByIdOptional(id).isPresent()) {
            return;
        }
        var row = new HistoryRow();
        row.id = id;
        row.server = record.key();
        row.at = Instant.ofEpochMilli(record.timestamp());
        row.number = record.offset();
        row.changes = String.join("\n", changes);
        row.persist();
    }
}
