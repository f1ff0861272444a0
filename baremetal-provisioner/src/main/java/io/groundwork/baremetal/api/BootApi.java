package io.groundwork.baremetal.api;

import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.baremetal.domain.ServerCommand.Result;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.baremetal.driver.BootUrls;
import io.groundwork.baremetal.driver.Boots.BootData;
import io.groundwork.baremetal.view.BootRow;
import io.groundwork.events.Topics;
import io.groundwork.runtime.rest.Problem;
import io.groundwork.runtime.streams.CommandGateway;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** For servers that boot. They are known by the one-time token in the address that they were given, and by nothing else. */
@Path("/v1")
@Tag(name = "Booting servers")
@RunOnVirtualThread
public class BootApi {

    private final CommandGateway gateway;
    private final BootUrls urls;

    @Inject
    public BootApi(CommandGateway gateway, BootUrls urls) {
        this.gateway = gateway;
        this.urls = urls;
    }

    @GET
    @Path("/boot/{server}/{token}/{file}")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "What a server boots, and what cloud-init reads: user-data, meta-data, network-config")
    public String file(
            @PathParam("server") String server, @PathParam("token") String token, @PathParam("file") String file) {
        return BootRow.ofServer(server)
                .filter(boot -> urls.fits(boot, token))
                .flatMap(boot -> told(boot, file))
                .orElseThrow(() -> Problem.notFound("There is nothing here."));
    }

    /** A network that boots servers knows no more than this of them; it must be one that only they are in. */
    @GET
    @Path("/netboot/{mac}")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "What the server with this network interface boots")
    public String netboot(@PathParam("mac") String mac) {
        return BootRow.ofMac(mac)
                .flatMap(boot -> told(boot, "boot"))
                .orElseThrow(() -> Problem.notFound("Nothing is to be booted."));
    }

    private Optional<String> told(BootData boot, String file) {
        var text = urls.file(boot, file);
        if (text.isPresent()) {
            BootRow.fetchedBy(boot.server());
        }
        return text;
    }

    @POST
    @Path("/phone-home/{server}/{token}")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "The system on a server announces itself, once; cloud-init's phone_home posts here")
    public Response phoneHome(@PathParam("server") String server, @PathParam("token") String token) {
        // the token itself goes no further than here
        var answer = gateway.ask(
                        Topics.SERVERS,
                        server,
                        ServerCommand.PhoneHome.TYPE,
                        new ServerCommand.PhoneHome(Tokens.hash(token)))
                .as(ServerCommand.Answer.class);
        if (answer.result() != Result.DONE) {
            throw Problem.forbidden(answer.detail());
        }
        return Response.noContent().build();
    }
}
