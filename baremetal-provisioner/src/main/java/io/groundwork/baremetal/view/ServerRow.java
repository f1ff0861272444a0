package io.groundwork.baremetal.view;

import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.events.Json;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One server, as its operators see it. */
@Entity
@Table(name = "servers")
public class ServerRow extends PanacheEntityBase {

    @Id
    public String id = "";

    @Column(nullable = false)
    public String site = "";

    @Column(name = "server_type", nullable = false)
    public String serverType = "";

    @Column(nullable = false)
    public String rack = "";

    @Column(nullable = false)
    public String state = "";

    /** Those that are set, each between two spaces. */
    @Column(nullable = false)
    public String flags = "";

    public @Nullable String unavailability;

    /** The resource that stands on it. */
    public @Nullable String consumer;

    /** A {@link ServerEntry}. */
    @Column(nullable = false)
    public String entry = "";

    /** The offset of the record it was read from: an older one is a repetition. */
    @Column(name = "last_offset", nullable = false)
    public long lastOffset = -1;

    /**
     * What to look for; what is null does not matter.
     *
     * @param flag {@code maintenance}, {@code quarantine}, {@code retired}, or {@code drift} where somebody else has switched
     *     its power
     * @param consumer a resource id
     * @param available whether a new grant may take it
     * @param after the id of the last server that was seen already
     */
    public record Query(
            @Nullable String site,
            @Nullable String serverType,
            @Nullable String state,
            @Nullable String flag,
            @Nullable String consumer,
            @Nullable Boolean available,
            @Nullable String after) {}

    /** The servers that {@code query} is about by id, at most {@code limit}. */
    public static List<ServerEntry> find(Query query, int limit) {
        var conditions = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        equal("site", query.site(), conditions, values);
        equal("serverType", query.serverType(), conditions, values);
        equal("state", query.state(), conditions, values);
        equal("consumer", query.consumer(), conditions, values);
        if (query.flag() != null) {
            conditions.add("flags like :flag");
            values.put("flag", "% " + query.flag().replace("%", "") + " %");
        }
        if (query.available() != null) {
            conditions.add(query.available() ? "unavailability is null" : "unavailability is not null");
        }
        if (query.after() != null) {
            conditions.add("id > :after");
            values.put("after", query.after());
        }
        var where = conditions.isEmpty() ? "1 = 1" : String.join(" and ", conditions);
        return ServerRow.<ServerRow>find(where, Sort.by("id"), values).page(0, limit).list().stream()
                .map(ServerRow::entry)
                .toList();
    }

    private static void equal(
            String field, @Nullable String value, List<String> conditions, Map<String, Object> values) {
        if (value != null) {
            conditions.add(field + " = :" + field);
            values.put(field, value);
        }
    }

    /** One server. */
    public static Optional<ServerEntry> find(String id) {
        return ServerRow.<ServerRow>findByIdOptional(id).map(ServerRow::entry);
    }

    ServerEntry entry() {
        return Json.read(entry.getBytes(StandardCharsets.UTF_8), ServerEntry.class);
    }

    void show(ServerEntry now) {
        site = now.registration().site();
        serverType = now.registration().serverType();
        rack = now.registration().rack();
        state = now.state();
        var set = now.flags();
        flags = " " + (set.maintenance() == null ? "" : "maintenance ")
                + (set.quarantine() == null ? "" : "quarantine ")
                + (set.retired() == null ? "" : "retired ")
                + (now.drift() == null ? "" : "drift ");
        unavailability = now.unavailability();
        consumer = now.consumer() == null ? null : now.consumer().resource().toString();
        entry = new String(Json.write(now), StandardCharsets.UTF_8);
    }
}
