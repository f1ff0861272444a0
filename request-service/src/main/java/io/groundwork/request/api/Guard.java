package io.groundwork.request.api;

import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers what was accepted before any view shows it: idempotency keys in Postgres, the latest others in this process. */
@ApplicationScoped
public class Guard {

    private static final int REMEMBERED = 10_000;

    private final EntityManager rows;
    private final Map<RequestId, ResourceId> accepted = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RequestId, ResourceId> eldest) {
            return size() > REMEMBERED;
        }
    });

    @Inject
    public Guard(EntityManager rows) {
        this.rows = rows;
    }

    /** The hash of the body that {@code key} came with first; empty if it is new. */
    public Optional<String> hash(String tenant, String key) {
        return text(
                "select body_hash from request.idempotency where tenant = :tenant and key = :key",
                Map.of("tenant", tenant, "key", key));
    }

    /** Notes a key with its body's hash unless it is known, and gives the hash that it is known with. */
    public String claim(String tenant, String key, RequestId request, ResourceId resource, String hash) {
        QuarkusTransaction.requiringNew()
                .run(() -> rows.createNativeQuery("""
                        insert into request.idempotency (tenant, key, request, resource, body_hash, created_at)
                        values (:tenant, :key, :request, :resource, :hash, now()) on conflict do nothing""")
                        .setParameter("tenant", tenant)
                        .setParameter("key", key)
                        .setParameter("request", request.value())
                        .setParameter("resource", resource.toString())
                        .setParameter("hash", hash)
                        .executeUpdate());
        return hash(tenant, key).orElse(hash);
    }

    /** Notes that a request was accepted here. */
    public void accepted(RequestId request, ResourceId resource) {
        accepted.put(request, resource);
    }

    /** The resource of a request that was accepted, or is about to be. */
    public Optional<ResourceId> resource(RequestId request) {
        return Optional.ofNullable(accepted.get(request))
                .or(() -> text(
                                "select resource from request.idempotency where request = :request",
                                Map.of("request", request.value()))
                        .map(ResourceId::parse));
    }

    private Optional<String> text(String sql, Map<String, Object> values) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var query = rows.createNativeQuery(sql, String.class);
            values.forEach(query::setParameter);
            List<?> found = query.getResultList();
            return found.stream().map(String::valueOf).findFirst();
        });
    }
}
