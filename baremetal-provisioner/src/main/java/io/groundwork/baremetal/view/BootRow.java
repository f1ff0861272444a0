package io.groundwork.baremetal.view;

import io.groundwork.baremetal.driver.Boots;
import io.groundwork.events.Json;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What one server boots. */
@Entity
@Table(name = "boots")
public class BootRow extends PanacheEntityBase {

    @Id
    public String server = "";

    /** Each between two spaces. */
    @Column(nullable = false)
    public String macs = "";

    /** A {@link Boots.BootData}. */
    @Column(nullable = false)
    public String boot = "";

    /** Whether it was asked for. */
    @Column(nullable = false)
    public boolean fetched;

    /** Notes that {@code server} has asked for what it boots. */
    public static void fetchedBy(String server) {
        QuarkusTransaction.requiringNew()
                .run(() -> BootRow.update("fetched = true where server = ?1 and not fetched", server));
    }

    /** What the server of that name boots. */
    public static Optional<Boots.BootData> ofServer(String server) {
        return BootRow.<BootRow>findByIdOptional(server).map(BootRow::data);
    }

    /** What the server with that network interface boots. */
    public static Optional<Boots.BootData> ofMac(String mac) {
        return BootRow.<BootRow>find(
                        "macs like ?1", "% " + mac.toLowerCase(Locale.ROOT).replace("%", "") + " %")
                .firstResultOptional()
                .map(BootRow::data);
    }

    Boots.BootData data() {
        return Json.read(boot.getBytes(StandardCharsets.UTF_8), Boots.BootData.class);
    }
}
