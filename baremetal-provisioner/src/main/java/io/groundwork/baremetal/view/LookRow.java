package io.groundwork.baremetal.view;

import io.groundwork.baremetal.domain.ServerEntry;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When the power of a server is looked at next. */
@Entity
@Table(name = "looks")
public class LookRow extends PanacheEntityBase {

    @Id
    public String server = "";

    @Column(nullable = false)
    public Instant due = Instant.EPOCH;

    /** From now on, at any moment within {@code every}: so looks spread over time. */
    static void watch(String server, Duration every) {
        if (LookRow.findByIdOptional(server).isEmpty()) {
            var row = new LookRow();
            row.server = server;
            row.due = Instant.now().plusMillis(ThreadLocalRandom.current().nextLong(every.toMillis() + 1));
            row.persist();
        }
    }

    static void forget(String server) {
        LookRow.deleteById(server);
    }

    /** Takes the servers that are due, the longest due first; no other process gets them before {@code every} is over. */
    public static List<ServerEntry> take(int most, Duration every) {
        var now = Instant.now();
        List<?> servers = Panache.getEntityManager()
                .createNativeQuery("""
                        update {h-schema}looks set due = :next where server in
                          (select server from {h-schema}looks where due <= :now order by due limit :most
                           for update skip locked)
                        returning server""", String.class)
                .setParameter("next", now.plus(every))
                .setParameter("now", now)
                .setParameter("most", most)
                .getResultList();
        return servers.stream()
                .map(String::valueOf)
                .map(ServerRow::find)
                .flatMap(Optional::stream)
                .toList();
    }
}
