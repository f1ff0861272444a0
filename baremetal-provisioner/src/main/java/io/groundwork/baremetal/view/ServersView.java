package io.groundwork.baremetal.view;

import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.events.Json;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes in the registry; each batch in one transaction, again after a failure, and without harm. */
@ApplicationScoped
public class ServersView {

    private static final Logger LOG = Logger.getLogger(ServersView.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Returns only when the database has it all: a database that is away delays the view and loses nothing. */
    @Incoming("registry")
    @Blocking
    public void servers(ConsumerRecords<String, byte[]> batch) throws InterruptedException {
        while (true) {
            try {
                QuarkusTransaction.requiringNew().run(() -> batch.forEach(ServersView::server));
                return;
            } catch (RuntimeException failed) {
                LOG.warn("the view could not be written; trying again", failed);
                Thread.sleep(AGAIN);
            }
        }
    }

    private static void server(ConsumerRecord<String, byte[]> record) {
        var known = ServerRow.<ServerRow>findById(record.key());
        if (known != null && record.offset() <= known.lastOffset) {
            return;
        }
        if (record.value() == null) {
            if (known != null) {
                known.delete();
            }
            return;
        }
        ServerEntry entry;
        try {
            entry = Json.read(record.value(), ServerEntry.class);
        } catch (UncheckedIOException unreadable) {
            LOG.warnf(unreadable, "skipped %s-%d@%d", record.topic(), record.partition(), record.offset());
            return;
        }
        var row = known == null ? new ServerRow() : known;
        row.id = record.key();
        row.lastOffset = record.offset();
        row.show(entry);
        row.persist();
    }
}
