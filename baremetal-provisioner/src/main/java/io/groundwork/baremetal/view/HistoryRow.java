package io.groundwork.baremetal.view;

import io.groundwork.baremetal.domain.ServerEntry;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What changed of a server at one time. */
@Entity
@Table(name = "history")
public class HistoryRow extends PanacheEntityBase {

    /** Of the record that said so: it is not told twice. */
    @Id
    public String id = "";

    @Column(nullable = false)
    public String server = "";

    @Column(nullable = false)
    public Instant at = Instant.EPOCH;

    /** Orders what changed of one server. */
    @Column(nullable = false)
    public long number;

    /** A line each. */
    @Column(nullable = false)
    public String changes = "";

    /** What changed at one time, in words. */
    public record Entry(Instant at, List<String> changes) {}

    /** The newest first. */
    public static List<Entry> of(String server, int limit) {
        return HistoryRow.<HistoryRow>find("server", Sort.descending("number"), server).page(0, limit).list().stream()
                .map(row -> new Entry(row.at, row.changes.lines().toList()))
                .toList();
    }

    /** What is other than before, in words; empty if nothing is that matters to people. */
    static List<String> changes(@Nullable ServerEntry before, @Nullable ServerEntry now) {
        if (now == null) {
            return List.of("forgotten");
        }
        var changes = new ArrayList<String>();
        if (before == null) {
            changes.add("state " + now.state());
        } else if (!before.state().equals(now.state())) {
            changes.add("state " + before.state() + " \u2192 " + now.state() + because(now.reason()));
        }
        flag(
                "maintenance",
                before == null ? null : before.flags().maintenance(),
                now.flags().maintenance(),
                changes);
        flag(
                "quarantine",
                before == null ? null : before.flags().quarantine(),
                now.flags().quarantine(),
                changes);
        flag(
                "retired",
                before == null ? null : before.flags().retired(),
                now.flags().retired(),
                changes);
        var had = before == null ? null : before.consumer();
        var has = now.consumer();
        if (!Objects.equals(had, has)) {
            changes.add(
                    has == null
                            ? "nothing stands on it"
                            : "has " + has.resource() + " " + has.component() + "-" + has.index());
        }
        if (before != null && now.power() != null && !Objects.equals(before.power(), now.power())) {
            changes.add("power " + (before.power() == null ? "" : before.power() + " \u2192 ") + now.power()
                    + (now.drift() == null
                            ? ""
                            : ", not by Groundwork, which left it "
                                    + now.drift().expected()));
        }
        return changes;
    }

    private static void flag(String name, @Nullable String before, @Nullable String now, List<String> changes) {
        if (!Objects.equals(before, now)) {
            changes.add(now == null ? name + " ended" : name + because(now));
        }
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : ": " + reason;
    }
}
