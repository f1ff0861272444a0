package io.groundwork.allocation.api;

import io.groundwork.allocation.domain.CatalogueKinds;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where servers stand. */
@Path("/v1/sites")
@Tag(name = "Sites", description = "Where servers stand")
public class SitesApi extends EntriesApi {

    @Inject
    public SitesApi(Entries entries) {
        super(entries, CatalogueKinds.SITES);
    }
}
