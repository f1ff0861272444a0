package io.groundwork.baremetal.view;

import io.groundwork.baremetal.driver.Boots;
import io.groundwork.events.Json;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/** What servers boot, in Postgres, where every process of the service serves it from. */
@ApplicationScoped
public class BootRows implements Boots {

    @Override
    public void put(BootData boot) {
        QuarkusTransaction.requiringNew().run(() -> {
            var known = BootRow.<BootRow>findById(boot.server());
            var row = known == null ? new BootRow() : known;
            row.server = boot.server();
            row.macs = " " + String.join(" ", boot.macs()) + " ";
            row.boot = new String(Json.write(boot), StandardCharsets.UTF_8);
            row.fetched = false;
            row.persist();
        });
    }

    @Override
    public boolean unfetched(String server, String operation) {
        return QuarkusTransaction.requiringNew()
                .call(() -> BootRow.<BootRow>findByIdOptional(server)
                        .filter(row -> !row.fetched && row.data().operation().equals(operation))
                        .isPresent());
    }

    @Override
    public void remove(String server) {
        QuarkusTransaction.requiringNew().run(() -> BootRow.deleteById(server));
    }
}
