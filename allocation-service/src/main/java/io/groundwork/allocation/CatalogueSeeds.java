package io.groundwork.allocation;

import io.groundwork.allocation.api.CatalogueApi;
import io.groundwork.runtime.rest.Administration;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Fills the catalogue at its first start. */
@ApplicationScoped
public class CatalogueSeeds {

    void seed(
            @Observes StartupEvent start,
            Administration administration,
            @ConfigProperty(name = "allocation.seeds") Optional<String> seeds) {
        seeds.ifPresent(source -> administration.seed(CatalogueApi.TABLE, source));
    }
}
