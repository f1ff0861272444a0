package io.groundwork.baremetal.api;

import io.groundwork.runtime.rest.Caller;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** The servers that are enrolled. */
@Path("/v1/servers")
public class ServersApi {

    private final Caller caller;

    @Inject
    public ServersApi(Caller caller) {
        this.caller = caller;
    }

    /** Every server; none can be enrolled yet. */
    @GET
    public Page list() {
        caller.with(Caller.OPERATOR);
        return new Page(List.of());
    }

    /** Servers by id. */
    public record Page(List<String> items) {}
}
