package io.groundwork.request.view;

import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds rows, each time as they are now, and waits for them to change. */
@ApplicationScoped
public class RequestRows {

    private final EntityManager rows;
    private final Changes changes;

    @Inject
    public RequestRows(EntityManager rows, Changes changes) {
        this.rows = rows;
        this.changes = changes;
    }

    /** A request, once its submission was read. */
    public Optional<RequestRow> find(UUID request) {
        return QuarkusTransaction.requiringNew()
                .call(() -> Optional.ofNullable(rows.find(RequestRow.class, request))
                        .filter(row -> row.createdAt != null));
    }

    /** A request as soon as it is as wanted, or as it is when the time is over. Blocks; call it from a virtual thread. */
    public Optional<RequestRow> await(UUID request, Predicate<RequestRow> wanted, Duration most) {
        var deadline = Instant.now().plus(most);
        try (var watch = changes.watch(request)) {
            while (true) {
                var found = find(request);
                var left = Duration.between(Instant.now(), deadline);
                if (found.filter(wanted).isPresent() || !left.isPositive()) {
                    return found;
                }
                watch.await(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return find(request);
        }
    }

    /**
     * What to look for; what is absent does not matter.
     *
     * @param text in id, resource, requester, labels or message
     * @param before the last row of the page before
     */
    public record Filter(
            String tenant,
            @Nullable String resource,
            List<RequestState> states,
            @Nullable String category,
            @Nullable String text,
            @Nullable Position before) {}

    /** A row's place in the list, which no other row ever takes. */
    public record Position(Instant createdAt, UUID id) {}

    /** The newest first. */
    public List<RequestRow> list(Filter filter, int limit) {
        var where = new ArrayList<String>();
        var values = new TreeMap<String, Object>();
        where.add("tenant = :tenant and createdAt is not null");
        values.put("tenant", filter.tenant());
        if (filter.resource() != null) {
            where.add("resource = :resource");
            values.put("resource", filter.resource());
        }
        if (!filter.states().isEmpty()) {
            where.add("state in :states");
            values.put("states", filter.states());
        }
        if (filter.category() != null) {
            where.add("category = :category");
            values.put("category", filter.category());
        }
        if (filter.text() != null) {
            where.add("words like :text escape '!'");
            values.put("text", "%" + escaped(filter.text().toLowerCase(Locale.ROOT)) + "%");
        }
        if (filter.before() != null) {
            where.add("(createdAt < :at or (createdAt = :at and id < :id))");
            values.put("at", filter.before().createdAt());
            values.put("id", filter.before().id());
        }
        return query(
                "from RequestRow where " + String.join(" and ", where) + " order by createdAt desc, id desc",
                RequestRow.class,
                values,
                limit);
    }

    /** Everything that was said of a request, in the order in which it was read. */
    public List<TimelineRow> timeline(UUID request) {
        var all = new ArrayList<TimelineRow>();
        var page = timeline(request, 0);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = timeline(request, page.getLast().position);
        }
        return all;
    }

    /** What was said of a request behind {@code position}, as far as one page goes; empty at the end. */
    public List<TimelineRow> timeline(UUID request, long position) {
        return query(
                "from TimelineRow where request = :request and position > :position order by position",
                TimelineRow.class,
                Map.of("request", request, "position", position),
                1_000);
    }

    /** Where an event of a request stands in its timeline; 0 if it does not. */
    public long position(UUID request, UUID event) {
        return query(
                        "from TimelineRow where request = :request and event = :event",
                        TimelineRow.class,
                        Map.of("request", request, "event", event),
                        1)
                .stream()
                .mapToLong(row -> row.position)
                .findFirst()
                .orElse(0);
    }

    /** Whether anything was ever asked of a resource. */
    public boolean met(ResourceId resource) {
        return !ofResource(resource, "createdAt is not null", "createdAt", 1).isEmpty();
    }

    /** The request under way on a resource. */
    public Optional<RequestRow> active(ResourceId resource) {
        return ofResource(resource, "sequence > 0 and closedAt is null", "sequence desc", 1).stream()
                .findFirst();
    }

    /** The requests that wait for it, in the order of their arrival. */
    public List<RequestRow> queue(ResourceId resource) {
        return ofResource(resource, "state = 'QUEUED'", "createdAt, id", 1000);
    }

    /** The latest request that changed what stands. */
    public Optional<RequestRow> latest(ResourceId resource) {
        return ofResource(resource, "sequence > 0 and state in ('COMPLETED', 'TAINTED')", "sequence desc", 1).stream()
                .findFirst();
    }

    /** The latest request that made something stand. */
    public Optional<RequestRow> latestDeployment(ResourceId resource) {
        return ofResource(
                        resource,
                        "sequence > 0 and state in ('COMPLETED', 'TAINTED') and operation = '"
                                + RequestKind.DEPLOY.word() + "'",
                        "sequence desc",
                        1)
                .stream()
                .findFirst();
    }

    /** All requests that changed what stands, in the order in which they did, behind number {@code sequence}. */
    public List<RequestRow> changes(ResourceId resource, long sequence) {
        var all = new ArrayList<RequestRow>();
        var page = changesBehind(resource, sequence);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = changesBehind(resource, page.getLast().sequence);
        }
        return all;
    }

    private List<RequestRow> changesBehind(ResourceId resource, long sequence) {
        return query(
                "from RequestRow where resource = :resource and sequence > :sequence"
                        + " and state in ('COMPLETED', 'TAINTED') order by sequence",
                RequestRow.class,
                Map.of("resource", resource.toString(), "sequence", sequence),
                200);
    }

    private List<RequestRow> ofResource(ResourceId resource, String condition, String order, int limit) {
        return query(
                "from RequestRow where resource = :resource and " + condition + " order by " + order,
                RequestRow.class,
                Map.of("resource", resource.toString()),
                limit);
    }

    private <T> List<T> query(String text, Class<T> type, Map<String, Object> values, int limit) {
        return QuarkusTransaction.requiringNew().call(() -> {
            TypedQuery<T> query = rows.createQuery(text, type).setMaxResults(limit);
            values.forEach(query::setParameter);
            return query.getResultList();
        });
    }

    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }
}
