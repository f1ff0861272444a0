package io.groundwork.allocation.api;

import io.groundwork.allocation.domain.CatalogueKinds;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where servers get their addresses from. */
@Path("/v1/subnets")
@Tag(name = "Subnets", description = "Where servers get their addresses from")
public class SubnetsApi extends EntriesApi {

    @Inject
    public SubnetsApi(Entries entries) {
        super(entries, CatalogueKinds.SUBNETS);
    }
}
