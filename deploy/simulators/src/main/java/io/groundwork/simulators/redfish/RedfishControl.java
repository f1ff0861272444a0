package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.groundwork.simulators.ControlApi;
import io.groundwork.simulators.InvalidInputException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What the control API has for servers, and for the switch that they are wired to. */
final class RedfishControl {
    private final RedfishSimulator simulator;
    private final Fleet fleet;

    RedfishControl(RedfishSimulator simulator, Fleet fleet) {
        this.simulator = simulator;
        this.fleet = fleet;
    }

    /** A server as lists show it. */
    private record Line(
            String id,
            String type,
            String rack,
            Profile profile,
            String bmc,
            String powerState,
            String activity,
            List<String> owners,
            int overlaps) {}

    private record Shown(URI bmc, @JsonUnwrapped ServerView view) {}

    /** With what steers servers. */
    ControlApi on(ControlApi control) {
        return control.listing(
                        "servers",
                        query -> fleet.views()
                                .filter(view -> query.getOrDefault("owner", "").isEmpty()
                                        || view.owners().contains(query.get("owner")))
                                .map(this::line)
                                .toList())
                .on("POST", "servers", request -> {
                    var spec = ServerSpec.create(request.fields());
                    if (!fleet.add(spec)) {
                        throw new InvalidInputException(
                                List.of(new InvalidInputException.Problem("/id", spec.id() + " is there already")));
                    }
                    return new ControlApi.Answer(201, shown(spec.id()));
                })
                .on("GET", "servers/{server}", request -> ControlApi.Answer.of(shown(request.parameter("server"))))
                .on("POST", "servers/{server}", request -> {
                    simulator.configure(request.parameter("server"), spec -> spec.with(request.fields()));
                    return ControlApi.Answer.of(shown(request.parameter("server")));
                })
                .on("PUT", "servers/{server}/netboot", request -> {
                    simulator.netboot(request.parameter("server"), BootImage.read(request.fields(), "netboot"));
                    return ControlApi.Answer.NOTHING;
                })
                .on("DELETE", "servers/{server}/netboot", request -> {
                    simulator.netboot(request.parameter("server"), null);
                    return ControlApi.Answer.NOTHING;
                })
                .listing(
                        "switch/ports",
                        query -> fleet.views()
                                .filter(view -> view.spec()
                                        .id()
                                        .equals(query.getOrDefault(
                                                "server", view.spec().id())))
                                .flatMap(view -> view.ports().stream())
                                .filter(port -> query.getOrDefault("enabled", "" + port.enabled())
                                        .equals("" + port.enabled()))
                                .toList())
                .on(
                        "GET",
                        "switch/ports/{server}/{nic}",
                        request -> ControlApi.Answer.of(
                                simulator.port(request.parameter("server"), request.parameter("nic"))))
                .on("PUT", "switch/ports/{server}/{nic}", request -> {
                    var fields = request.fields();
                    var enabled = fields.flag("enabled");
                    var vlan = fields.integer("vlan", 1);
                    if (enabled == null) {
                        fields.wrong("enabled", "must be true or false");
                    }
                    if (vlan != null && vlan > 4094) {
                        fields.wrong("vlan", "must be at most 4094");
                    }
                    fields.check();
                    return ControlApi.Answer.of(simulator.setPort(
                            request.parameter("server"), request.parameter("nic"), Boolean.TRUE.equals(enabled), vlan));
                })
                .listing("overlaps", query -> simulator.overlaps())
                .on("GET", "tls", request -> {
                    var fingerprint = simulator.fingerprint();
                    var certificate = simulator.certificate();
                    if (fingerprint == null || certificate == null) {
                        throw new NoSuchElementException("This simulator speaks plain HTTP.");
                    }
                    return ControlApi.Answer.of(Map.of("fingerprint", fingerprint, "certificate", certificate));
                });
    }

    private Line line(ServerView view) {
        var spec = view.spec();
        return new Line(
                spec.id(),
                spec.type(),
                spec.rack(),
                spec.profile(),
                simulator.bmc(spec.id()).toString(),
                view.powerState(),
                view.activity(),
                view.owners(),
                view.overlaps().size());
    }

    private Shown shown(String id) {
        return new Shown(simulator.bmc(id), simulator.server(id));
    }
}
