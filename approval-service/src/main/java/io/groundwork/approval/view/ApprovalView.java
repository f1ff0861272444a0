package io.groundwork.approval.view;

import com.fasterxml.jackson.databind.JavaType;
import io.groundwork.approval.domain.Answer;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.Json;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.view.Lag;
import io.groundwork.runtime.view.Watches;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Reads the audit. It follows the events by a moment, so whoever knows better waits for it. */
@ApplicationScoped
public class ApprovalView {

    /** How long a reader waits for what it knows to have happened. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What another instance writes is not signalled here: it is looked for after this long, then twice as long, and so on. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final JavaType TEXTS =
            Json.MAPPER.getTypeFactory().constructCollectionType(List.class, String.class);
    private static final JavaType DECISIONS =
            Json.MAPPER.getTypeFactory().constructCollectionType(List.class, DecisionRecorded.class);

    /** Requests whose resource is remembered from when they were put to their approvers: those somebody may be deciding just now. */
    private static final int MOST_ASKED = 1_000;

    private final Watches<RequestId> watches = new Watches<>();
    private final Map<RequestId, ResourceId> asked = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RequestId, ResourceId> eldest) {
            return size() > MOST_ASKED;
        }
    });

    private final Lag lag;
    private final String group;
    private final Set<String> topics;

    @Inject
    public ApprovalView(
            Lag lag,
            @ConfigProperty(name = "mp.messaging.incoming.events.group.id") String group,
            @ConfigProperty(name = "mp.messaging.incoming.events.topics") Set<String> topics) {
        this.lag = lag;
        this.group = group;
        this.topics = Set.copyOf(topics);
    }

    /**
     * What a request is about; known as soon as it was put to its approvers, before its row is written. Blocks as {@link #await}
     * does.
     *
     * @return empty if it was put to nobody here by the time of the call
     * @throws CommandGateway.Unavailable if the view is too far behind to say
     */
    public Optional<ResourceId> resource(RequestId request) {
        var found = await(request, () -> look(request));
        if (found.isPresent()) {
            return found;
        }
        if (!lag.caughtUp(group, topics, PATIENCE)) {
            throw behind();
        }
        return look(request);
    }

    private Optional<ResourceId> look(RequestId request) {
        var known = asked.get(request);
        return known == null ? find(request).map(row -> row.resource()) : Optional.of(known);
    }

    /** What the view shows is older than what is known otherwise. */
    public static CommandGateway.Unavailable behind() {
        return new CommandGateway.Unavailable("What was put to approvers is not all read yet.");
    }

    /** The request, once it was put or its step ended; empty if it is not known here in time. Blocks for a few seconds at most. */
    public Optional<ApprovalCase> await(RequestId request) {
        return await(request, any -> true);
    }

    /** The request as soon as it is {@code ready}; as it is after a few seconds otherwise. */
    public Optional<ApprovalCase> await(RequestId request, Predicate<ApprovalCase> ready) {
        return await(request, () -> find(request).filter(ready)).or(() -> find(request));
    }

    private <T> Optional<T> await(RequestId request, Supplier<Optional<T>> look) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        var pause = FIRST_PAUSE;
        try (var watch = watches.watch(request)) {
            while (true) {
                var found = look.get();
                var left = Duration.ofNanos(until - System.nanoTime());
                if (found.isPresent() || !left.isPositive()) {
                    return found;
                }
                watch.await(left.compareTo(pause) < 0 ? left : pause);
                pause = pause.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return look.get();
        }
    }

    /** A request was put to its approvers. */
    void asked(RequestId request, ResourceId resource) {
        asked.put(request, resource);
        watches.wake(request);
    }

    /** What is read of it from now on has what was just written. */
    void changed(RequestId request) {
        watches.wake(request);
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
