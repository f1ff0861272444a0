package io.groundwork.allocation.view;

import io.groundwork.events.Claim;
import io.groundwork.events.Grant;
import io.groundwork.events.ResourceId;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** The servers and addresses behind the claims. */
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    public List<Grant> grants = List.of();

    /** The offset of the last event taken in: all events of a resource stand in one partition, so an older one is a repetition. */
    @Column(name = "last_offset", nullable = false)
    public long lastOffset = -1;

    /** What {@code resource} holds now; empty if it never held anything. */
    public static Optional<HoldingRow> of(ResourceId resource) {
        return HoldingRow.findByIdOptional(resource.toString());
    }

    /** Every resource that holds servers. */
    public static List<HoldingRow> allWithServers() {
        return HoldingRow.<HoldingRow>listAll().stream()
                .filter(row ->
                        row.grants.stream().anyMatch(grant -> !grant.servers().isEmpty()))
                .toList();
    }

    /** Every resource that ever held anything. */
    public static List<String> resources() {
        return HoldingRow.find("select resource from HoldingRow")
                .project(String.class)
                .list();
    }

    void add(List<Claim> more, List<Grant> given) {
        grants = Stream.of(grants, given).flatMap(List::stream).toList();
        var all = new ArrayList<>(claims);
        all.addAll(more);
        claims = List.copyOf(all);
    }

    /** @param given the servers that went, where others of their pools are held on to */
    void remove(List<Claim> gone, List<Grant> given) {
        var rest = new ArrayList<>(claims);
        gone.forEach(claim -> {
            if (!rest.remove(claim)) {
                reduce(rest, claim);
            }
        });
        claims = List.copyOf(rest);
        var pools = gone.stream().map(Claim::pool).collect(Collectors.toSet());
        given.forEach(one -> pools.remove(one.pool()));
        grants = grants.stream()
                .filter(grant -> !pools.contains(grant.pool()))
                .map(grant -> given.stream()
                        .filter(one -> one.pool().equals(grant.pool()) && one.fence() == grant.fence())
                        .reduce(grant, HoldingRow::without, (one, other) -> other))
                .filter(grant ->
                        !grant.servers().isEmpty() || !grant.addresses().isEmpty())
                .toList();
    }

    /** As much less is claimed of the pool; of which of its claims makes no difference. */
    private static void reduce(List<Claim> claims, Claim gone) {
        for (var i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            if (claim.pool().equals(gone.pool())
                    && gone.amounts().entrySet().stream()
                            .allMatch(
                                    amount -> claim.amounts().getOrDefault(amount.getKey(), 0L) > amount.getValue())) {
                var amounts = new TreeMap<>(claim.amounts());
                gone.amounts().forEach((measure, amount) -> amounts.merge(measure, -amount, Long::sum));
                claims.set(i, new Claim(claim.pool(), amounts, claim.servers(), claim.shares()));
                return;
            }
        }
    }

    private static Grant without(Grant grant, Grant gone) {
        return new Grant(
                grant.pool(),
                grant.fence(),
                grant.servers().stream()
                        .filter(one -> !gone.servers().contains(one))
                        .toList(),
                grant.addresses(),
                grant.unmet());
    }
}
