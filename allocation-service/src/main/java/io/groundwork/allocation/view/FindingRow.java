package io.groundwork.allocation.view;

import io.groundwork.allocation.domain.Finding;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** What an audit found. */
@Entity
@Table(name = "findings")
public class FindingRow extends PanacheEntityBase {

    /** Of the record: a repetition is known by it. */
    @Id
    public String id = "";

    @Column(nullable = false)
    public Instant at = Instant.EPOCH;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    public Finding finding = EMPTY;

    private static final Finding EMPTY = new Finding("", Finding.Kind.CLAIM_WITHOUT_HOLDER, null, null, "", false);

    /** As it is shown. */
    public record View(Instant at, Finding finding) {}

    /** The newest. */
    public static List<View> latest(int limit) {
        return FindingRow.<FindingRow>findAll(Sort.descending("at")).page(0, limit).list().stream()
                .map(row -> new View(row.at, row.finding))
                .toList();
    }
}
