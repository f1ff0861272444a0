package io.groundwork.iam;

import io.groundwork.iam.api.DirectoryApi;
import io.groundwork.runtime.rest.Administration;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Fills the directory at its first start. */
@ApplicationScoped
public class DirectorySeeds {

    void seed(
            @Observes StartupEvent start,
            Administration administration,
            @ConfigProperty(name = "iam.seeds") Optional<String> seeds) {
        seeds.ifPresent(source -> administration.seed(DirectoryApi.TABLE, source));
    }
}
