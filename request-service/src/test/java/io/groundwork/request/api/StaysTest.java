package io.groundwork.request.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.ComponentOutputs.Instance;
import io.groundwork.events.Design;
import io.groundwork.events.Outcome;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.Command;
import io.groundwork.request.domain.World;
import io.groundwork.request.view.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StaysTest {

    private static final StepId UP = new StepId("provision:db");

    private final World world = new World();
    private final List<RequestId> requests = new ArrayList<>();

    @Test
    void shouldTellWhichServersStoodBehindAnInstanceAndByWhom() {
        var first = request(Asks.deploy(servers(2)), "srv-1", "srv-2");
        var second = request(Asks.replace("db", 1), "srv-1", "srv-3");
        var third = request(Asks.replace("db", 1), "srv-1", "srv-2");
        var stays = stays();

        assertThat(stays.of("db", 1))
                .extracting(stay -> stay.providerId() + " " + stay.addresses())
                .containsExactly("srv-2 [10.20.0.1]", "srv-3 [10.20.0.1]", "srv-2 [10.20.0.1]");
        assertThat(stays.of("db", 1)).extracting(stay -> stay.request()).containsExactly(third, second, first);
        assertThat(stays.of("db", 1)).extracting(stay -> stay.endedBy()).containsExactly(null, third, second);
        assertThat(stays.of("db", 1).getLast().reason()).isEqualTo("its fans are failing");
        assertThat(stays.of("db", 0))
                .singleElement()
                .satisfies(stay -> assertThat(stay.until()).isNull());
        assertThat(stays.lacks()).isFalse();
        assertThat(stays.outputs().get("db").instances())
                .extracting(Instance::providerId)
                .containsExactly("srv-1", "srv-2");

        var gone = request(Asks.decommission());
        assertThat(stays().of("db", 1).getFirst().endedBy()).isEqualTo(gone);
        assertThat(stays().outputs()).isEmpty();
    }

    @Test
    void shouldTellOfAnInstanceThatLostItsServer() {
        request(Asks.deploy(servers(2)), "srv-1", "srv-2");
        var given = world.submit(Asks.replace("db", 1));
        requests.add(given);
        upTo();
        world.says(UP, StepStatus.RUNNING);
        world.says(UP, StepStatus.STUCK);
        intervene(given);
        world.settle();

        assertThat(stays().lacks()).isTrue();
        assertThat(stays().of("db", 1).getFirst().endedBy()).isEqualTo(given);
        assertThat(stays().outputs().get("db").instances())
                .extracting(Instance::providerId)
                .containsExactly("srv-1");
        // to replace another one does not mend it
        request(Asks.replace("db", 0), "srv-4", null);
        assertThat(stays().lacks()).isTrue();
        request(Asks.replace("db", 1), "srv-4", "srv-3");
        assertThat(stays().lacks()).isFalse();
        assertThat(stays().of("db", 1)).extracting(stay -> stay.providerId()).containsExactly("srv-3", "srv-2");
    }

    private void intervene(RequestId request) {
        world.intervene(new Command.Intervene(request, UP, Intervention.ABORT, "ops@acme.example", "looked at it"));
    }

    private static Design servers(int count) {
        return new Design(List.of(Asks.servers("db", count, null)), List.of(), Map.of());
    }

    private RequestId request(Ask ask, @Nullable String... servers) {
        var id = world.submit(ask);
        requests.add(id);
        if (servers.length > 0) {
            upTo();
            var instances = new ArrayList<Instance>();
            for (var index = 0; index < servers.length; index++) {
                if (servers[index] != null) {
                    instances.add(new Instance(index, servers[index], "10.20.0." + index, "ams1"));
                }
            }
            world.says(UP, StepStatus.RUNNING);
            world.says(
                    world.active().plan().step(UP).orElseThrow(),
                    1,
                    StepStatus.DONE,
                    new ComponentProvisioned("db", new ComponentOutputs(servers.length, instances)));
        }
        world.settle();
        return id;
    }

    private void upTo() {
        while (world.due().noneMatch(due -> due.step().id().equals(UP))) {
            world.step();
        }
    }

    /** As the view has them. */
    private Stays stays() {
        var views = new ArrayList<RequestView>();
        for (var request : requests) {
            var view = RequestView.of(request, Asks.RESOURCE);
            for (var one : world.events()) {
                if (one.fact().request().equals(request)) {
                    view = view.apply(one.fact(), one.event());
                }
            }
            if (view.closed() != null && view.closed().outcome() != Outcome.FAILED) {
                views.add(view);
            }
        }
        return Stays.of(views);
    }
}
