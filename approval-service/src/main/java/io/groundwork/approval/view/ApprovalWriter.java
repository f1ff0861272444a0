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
import java.util.Optional;
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

    @Inject
    public ApprovalWriter(ApprovalView view) {
        this.view = view;
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
        Batches.write(
                events,
                some -> QuarkusTransaction.requiringNew().run(() -> {
                    some.forEach(ApprovalWriter::apply);
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

    private static void apply(Envelope<?> said) {
        var fact = said.fact();
        switch (said.event()) {
            case RequestEvent.RequestStarted started -> {
                var row = row(fact);
                row.sequence = fact.sequence();
                row.ask = json(started.ask());
                row.plan = json(started.plan());
            }
            case ApprovalEvent.ApprovalRequested asked -> {
                var row = row(fact);
                row.approvers = json(asked.approvers());
                row.quorum = asked.quorum();
                row.deadline = asked.deadline();
                row.digest = asked.digest();
                if (row.state == null) {
                    row.state = State.AWAITING_APPROVAL.name();
                }
            }
            case ApprovalEvent.DecisionRecorded decision -> {
                var row = row(fact);
                var decisions = new ArrayList<>(ApprovalView.decisions(row.decisions));
                if (decisions.stream().noneMatch(known -> known.approver().equals(decision.approver()))) {
                    decisions.add(decision);
                    row.decisions = json(decisions);
                }
            }
            case ApprovalEvent.RequestApproved approved -> end(fact, State.APPROVED, null);
            case ApprovalEvent.RequestRejected rejected -> end(fact, State.REJECTED, null);
            case ApprovalEvent.ApprovalExpired expired -> end(fact, State.EXPIRED, null);
            case ApprovalEvent.ApprovalWithdrawn withdrawn -> end(fact, State.WITHDRAWN, withdrawn.reason());
            case ApprovalEvent.ApprovalFailed failed ->
                end(fact, State.FAILED, failed.failure().message());
            case StepEvent.StepSkipped skipped
            when fact.owner() == Owner.APPROVAL ->
                end(fact, State.WITHDRAWN, "the request was stopped before it was put to its approvers");
            default -> {
                // another owner's, or nothing that people ask about here
            }
        }
    }

    private static void end(Fact fact, State state, @Nullable String note) {
        var row = row(fact);
        row.state = state.name();
        row.note = note;
        row.endedAt = fact.time();
    }

    /** The request's row, made if there is none, and ours alone until the transaction ends. */
    private static ApprovalRow row(Fact fact) {
        var id = fact.request().value();
        ApprovalRow.getEntityManager()
                .createNativeQuery(
                        "insert into approval.approvals (request_id, resource) values (?1, ?2) on conflict do nothing")
                .setParameter(1, id)
                .setParameter(2, fact.resource().toString())
                .executeUpdate();
        return ApprovalRow.findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    private static String json(Object value) {
        return new String(Json.write(value), UTF_8);
    }
}
