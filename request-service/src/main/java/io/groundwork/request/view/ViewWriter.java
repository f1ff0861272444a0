package io.groundwork.request.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Fact;
import io.groundwork.events.Message;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.ResourceId;
import io.groundwork.runtime.rest.Database;
import io.groundwork.runtime.view.Batches;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads every event topic and keeps the rows. At least once and idempotent: an event is folded in the transaction that notes it
 * in the timeline, where it stands once. The rows of a request are locked, so that several instances may write.
 */
@ApplicationScoped
public class ViewWriter {

    /** What {@link Changes} listens to; the payload is a request id. */
    static final String CHANNEL = "request_changed";

    private static final Logger LOG = Logger.getLogger(ViewWriter.class);

    private final EntityManager rows;
    private final Batches batches;

    @Inject
    public ViewWriter(EntityManager rows, Batches batches) {
        this.rows = rows;
        this.batches = batches;
    }

    /** One batch; offsets are committed behind it. */
    @Incoming("events")
    @Blocking
    public void read(ConsumerRecords<String, byte[]> batch) throws InterruptedException {
        // what is neither of the database's making nor refused by it is a fault of the view's own, and comes again
        batches.write(
                said(batch),
                this::write,
                failed -> Database.refuses(failed)
                        || !(failed instanceof PersistenceException || failed instanceof QuarkusTransactionException));
    }

    /**
     * An event with its place.
     *
     * @param event absent if its payload could not be read or its type is not known
     */
    record Said(Fact fact, @Nullable Event event, long offset) {}

    /** Folds events into the rows, in one transaction. */
    void write(List<Said> events) {
        if (!events.isEmpty()) {
            QuarkusTransaction.requiringNew().run(() -> fold(events));
        }
    }

    private void fold(List<Said> events) {
        var requests = locked(events);
        var known = new HashSet<>(rows.createQuery("select event from TimelineRow where event in :events", UUID.class)
                .setParameter(
                        "events",
                        events.stream().map(said -> said.fact().id().value()).toList())
                .getResultList());
        var views = new TreeMap<UUID, RequestView>();
        for (var said : events) {
            var fact = said.fact();
            if (!known.add(fact.id().value())) {
                continue;
            }
            var id = fact.request().value();
            var view = views.computeIfAbsent(id, any -> {
                var row = requests.get(id);
                return row == null || row.document.isEmpty()
                        ? RequestView.of(fact.request(), fact.resource())
                        : row.view();
            });
            rows.persist(line(said));
            views.put(id, view.apply(fact, said.event()).version(view.version() + 1));
        }
        views.forEach((id, view) -> {
            var row = requests.get(id);
            if (row != null) {
                row.show(view);
            }
        });
        rows.flush();
        rows.createNativeQuery("select count(pg_notify(:channel, cast(id as text))) from unnest(:ids) id")
                .setParameter("channel", CHANNEL)
                .setParameter("ids", views.keySet().toArray(UUID[]::new))
                .getSingleResult();
    }

    /** The rows of the requests that are spoken of, made if they are new; locked in one order, so that nobody waits in a circle. */
    private SortedMap<UUID, RequestRow> locked(List<Said> events) {
        var facts = new TreeMap<UUID, Fact>();
        events.forEach(said -> facts.putIfAbsent(said.fact().request().value(), said.fact()));
        rows.createNativeQuery("""
                        insert into request.request (id, resource, tenant, state, sequence, version, words, document)
                        select id, resource, tenant, 'SUBMITTED', 0, 0, '', ''
                        from unnest(:ids, :resources, :tenants) as fresh (id, resource, tenant)
                        on conflict do nothing""")
                .setParameter("ids", facts.keySet().toArray(UUID[]::new))
                .setParameter("resources", each(facts.values(), ResourceId::toString))
                .setParameter("tenants", each(facts.values(), ResourceId::tenant))
                .executeUpdate();
        var found = new TreeMap<UUID, RequestRow>();
        rows.createQuery("from RequestRow where id in :ids order by id", RequestRow.class)
                .setParameter("ids", facts.keySet())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList()
                .forEach(row -> found.put(row.id, row));
        return found;
    }

    private static String[] each(Collection<Fact> facts, Function<ResourceId, String> text) {
        return facts.stream().map(fact -> text.apply(fact.resource())).toArray(String[]::new);
    }

    private static TimelineRow line(Said said) {
        var fact = said.fact();
        var row = new TimelineRow(
                fact.id().value(),
                fact.request().value(),
                fact.time(),
                fact.type(),
                Sentences.actor(fact, said.event()),
                Sentences.summary(fact, said.event()));
        row.owner = fact.owner().word();
        row.place = said.offset();
        row.step = fact.step() == null ? null : fact.step().value();
        row.attempt = fact.attempt();
        row.causation = fact.causation();
        row.closes = fact.is(RequestEvent.RequestClosed.class);
        return row;
    }

    private static List<Said> said(ConsumerRecords<String, byte[]> batch) {
        var events = new ArrayList<Said>();
        for (var record : batch) {
            var message = message(record);
            try {
                var fact = EventCodec.fact(message);
                events.add(new Said(fact, event(message, fact), record.offset()));
            } catch (EventCodec.Unreadable e) {
                // the participants that need it have put it to their dead letters
                LOG.warnf(
                        "%s-%d@%d can not be read: %s",
                        record.topic(), record.partition(), record.offset(), e.getMessage());
            }
        }
        return events;
    }

    private static @Nullable Event event(Message message, Fact fact) {
        try {
            return EventCodec.read(message, fact)
                    .<Event>map(envelope -> envelope.event())
                    .orElse(null);
        } catch (EventCodec.Unreadable headersAlone) {
            return null;
        }
    }

    private static Message message(ConsumerRecord<String, byte[]> record) {
        var headers = new TreeMap<String, String>();
        record.headers().forEach(header -> {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), UTF_8));
            }
        });
        return new Message(record.topic(), String.valueOf(record.key()), headers, record.value());
    }
}
