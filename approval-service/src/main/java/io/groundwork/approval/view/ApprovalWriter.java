package io.groundwork.approval.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.approval.domain.Answer.State;
import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.Envelope;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Fact;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.StepEvent;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.view.Batches;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit from the events of request-service and approval-service. Events of the two come in any order and may come again:
 * each sets what it alone says, and an end stands.
 */
@ApplicationScoped
public class ApprovalWriter {

    private static final Logger LOG = Logger.getLogger(ApprovalWriter.class);

    private final ApprovalView view;
    private final Batches batches;

    @Inject
    public ApprovalWriter(ApprovalView view, Batches batches) {
        this.view = view;
        this.batches = batches;
    }

    @Incoming("events")
    @Blocking
    public void write(ConsumerRecords<String, byte[]> records) throws InterruptedException {
        var events = new ArrayList<Envelope<?>>();
        for (var record : records) {
            read(record).ifPresent(events::add);
        }
        for (var said : events) {
            if (said.event() instanceof ApprovalEvent.ApprovalRequested) {
                view.asked(said.fact().request(), said.fact().resource());
            }
        }
        batches.write(
                events,
                some -> QuarkusTransaction.requiringNew().run(() -> {
                    apply(some);
                    ApprovalRow.flush();
                }));
        events.stream().map(said -> said.fact().request()).distinct().forEach(view::changed);
    }

    private static Optional<Envelope<?>> read(ConsumerRecord<String, byte[]> record) {
        var message = Records.message(record);
        try {
            return EventCodec.read(message, EventCodec.fact(message));
        } catch (EventCodec.Unreadable unreadable) {
            // the participant that reads the same record has put it among the dead letters
            LOG.debugf("skipped %s-%d@%d: %s", record.topic(), record.partition(), record.offset(), unreadable);
            return Optional.empty();
        }
    }

    /** What one event changes of its request's row. */
    private record Change(Fact fact, Consumer<ApprovalRow> change) {}

    private static void apply(List<Envelope<?>> some) {
        var changes = some.stream()
                .map(ApprovalWriter::change)
                .flatMap(Optional::stream)
                .toList();
        if (changes.isEmpty()) {
            return;
        }
        var rows = locked(changes);
        for (var one : changes) {
            one.change()
                    .accept(Objects.requireNonNull(rows.get(one.fact().request().value())));
        }
    }

    /** Empty for another owner's, and for what people ask nothing about here. */
    private static Optional<Change> change(Envelope<?> said) {
        var fact = said.fact();
        Consumer<ApprovalRow> change = switch (said.event()) {
            case RequestEvent.RequestStarted started ->
                row -> {
                    row.sequence = fact.sequence();
                    row.ask = json(started.ask());
                    row.plan = json(started.plan());
                };
            case ApprovalEvent.ApprovalRequested asked ->
                row -> {
                    row.approvers = json(asked.approvers());
                    row.quorum = asked.quorum();
                    row.deadline = asked.deadline();
                    row.digest = asked.digest();
                    if (row.state == null) {
                        row.state = State.AWAITING_APPROVAL.name();
                    }
                };
            case ApprovalEvent.DecisionRecorded decision ->
                row -> {
                    var decisions = new ArrayList<>(ApprovalView.decisions(row.decisions));
                    if (decisions.stream().noneMatch(known -> known.approver().equals(decision.approver()))) {
                        decisions.add(decision);
                        row.decisions = json(decisions);
                    }
                };
            case ApprovalEvent.RequestApproved approved -> end(fact, State.APPROVED, null);
            case ApprovalEvent.RequestRejected rejected -> end(fact, State.REJECTED, null);
            case ApprovalEvent.ApprovalExpired expired -> end(fact, State.EXPIRED, null);
            case ApprovalEvent.ApprovalWithdrawn withdrawn -> end(fact, State.WITHDRAWN, withdrawn.reason());
            case ApprovalEvent.ApprovalFailed failed ->
                end(fact, State.FAILED, failed.failure().message());
            case StepEvent.StepSkipped skipped
            when fact.owner() == Owner.APPROVAL ->
                end(fact, State.WITHDRAWN, "the request was stopped before it was put to its approvers");
            default -> null;
        };
        return Optional.ofNullable(change).map(known -> new Change(fact, known));
    }

    private static Consumer<ApprovalRow> end(Fact fact, State state, @Nullable String note) {
        return row -> {
            row.state = state.name();
            row.note = note;
            row.endedAt = fact.time();
        };
    }

    /** The rows of the requests that are spoken of, made if they are new; locked in one order, and ours alone until the transaction ends. */
    private static Map<UUID, ApprovalRow> locked(List<Change> changes) {
        var resources = new TreeMap<UUID, String>();
        changes.forEach(one -> resources.put(
                one.fact().request().value(), one.fact().resource().toString()));
        ApprovalRow.getEntityManager()
                .createNativeQuery("""
                        insert into approval.approvals (request_id, resource)
                        select id, resource from unnest(:ids, :resources) as fresh (id, resource)
                        on conflict do nothing""")
                .setParameter("ids", resources.keySet().toArray(UUID[]::new))
                .setParameter("resources", resources.values().toArray(String[]::new))
                .executeUpdate();
        return ApprovalRow.<ApprovalRow>find("requestId in ?1 order by requestId", resources.keySet())
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .stream()
                .collect(Collectors.toMap(row -> Objects.requireNonNull(row.requestId), row -> row));
    }

    private static String json(Object value) {
        return new String(Json.write(value), UTF_8);
    }
}
