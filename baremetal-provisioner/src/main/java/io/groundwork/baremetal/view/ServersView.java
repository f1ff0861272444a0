package io.groundwork.baremetal.view;

import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.events.Json;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.view.Batches;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes in the registry; each batch in one transaction, again after a failure, and without harm. */
@ApplicationScoped
public class ServersView {

    private static final Logger LOG = Logger.getLogger(ServersView.class);

    @Incoming("registry")
    @Blocking
    public void servers(ConsumerRecords<String, byte[]> batch) throws InterruptedException {
        Batches.write(
                Records.list(batch),
                some -> QuarkusTransaction.requiringNew().run(() -> some.forEach(ServersView::server)));
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
