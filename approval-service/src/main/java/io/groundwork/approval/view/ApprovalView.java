package io.groundwork.approval.view;

import com.fasterxml.jackson.databind.JavaType;
import io.groundwork.approval.domain.Answer;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.Json;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the audit. It follows the events by a moment, so whoever knows better waits for it. */
@ApplicationScoped
public class ApprovalView {

    /** How long a reader waits for what it knows to have happened. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final JavaType TEXTS =
            Json.MAPPER.getTypeFactory().constructCollectionType(List.class, String.class);
    private static final JavaType DECISIONS =
            Json.MAPPER.getTypeFactory().constructCollectionType(List.class, DecisionRecorded.class);

    /** The request, once it was put or its step ended; empty if it is not known here in time. Blocks for a few seconds at most. */
    public Optional<ApprovalCase> await(RequestId request) {
        return await(request, any -> true);
    }

    /** The request as soon as it is {@code ready}; as it is after a few seconds otherwise. */
    public Optional<ApprovalCase> await(RequestId request, Predicate<ApprovalCase> ready) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var found = find(request);
            if (found.filter(ready).isPresent() || System.nanoTime() - until > 0) {
                return found;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return found;
            }
        }
    }

    private Optional<ApprovalCase> find(RequestId request) {
        return QuarkusTransaction.requiringNew()
                .call(() -> ApprovalRow.<ApprovalRow>findByIdOptional(request.value())
                        .flatMap(row -> read(request, row)));
    }

    private static Optional<ApprovalCase> read(RequestId request, ApprovalRow row) {
        if (row.ask == null || row.plan == null || row.state == null || row.resource == null) {
            return Optional.empty();
        }
        var plan = Json.read(bytes(row.plan), Plan.class);
        return Optional.of(new ApprovalCase(
                request,
                ResourceId.parse(row.resource),
                Answer.State.valueOf(row.state),
                Json.read(bytes(row.ask), Ask.class),
                plan,
                list(row.approvers, TEXTS),
                row.quorum == null ? 0 : row.quorum,
                row.deadline,
                row.digest == null ? plan.digest() : row.digest,
                list(row.decisions, DECISIONS),
                row.note));
    }

    static <T> List<T> list(@Nullable String json, JavaType type) {
        return json == null ? List.of() : Json.read(bytes(json), type);
    }

    static List<DecisionRecorded> decisions(@Nullable String json) {
        return list(json, DECISIONS);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
