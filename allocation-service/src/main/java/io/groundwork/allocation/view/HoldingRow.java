package io.groundwork.allocation.view;

import io.groundwork.events.Claim;
import io.groundwork.events.ResourceId;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** What one resource holds. */
@Entity
@Table(name = "holdings")
public class HoldingRow extends PanacheEntityBase {

    @Id
    public String resource = "";

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    public List<Claim> claims = List.of();

    /** The offset of the last event taken in: all events of a resource stand in one partition, so an older one is a repetition. */
    @Column(name = "last_offset", nullable = false)
    public long lastOffset = -1;

    /** What {@code resource} holds now. */
    public static List<Claim> of(ResourceId resource) {
        return HoldingRow.<HoldingRow>findByIdOptional(resource.toString())
                .map(row -> row.claims)
                .orElse(List.of());
    }

    void add(List<Claim> more) {
        var all = new ArrayList<>(claims);
        all.addAll(more);
        claims = List.copyOf(all);
    }

    void remove(List<Claim> gone) {
        var rest = new ArrayList<>(claims);
        gone.forEach(rest::remove);
        claims = List.copyOf(rest);
    }
}
