package io.groundwork.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Owner;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private static final Map<String, Machine> MACHINES = Map.of(
            "a", new OperationMachine(Owner.CLOUD, OperationPolicy.DEFAULT),
            "b", new OperationMachine(Owner.IAM, OperationPolicy.DEFAULT));

    @Test
    void shouldKeepAllInOneStoreUnderKeysThatNeverMeet() {
        var layout = Layout.of("a-b", MACHINES, Set.of("other-rows", "a-b-rows")::contains);

        assertThat(layout.stores(MACHINES)).containsExactly("a-b-rows");
        var prefixes = new HashSet<String>();
        for (var machine : MACHINES.keySet()) {
            for (var store : MACHINES.get(machine).stores()) {
                assertThat(prefixes.add(layout.prefix(machine, store))).isTrue();
            }
        }
        assertThat(prefixes)
                .allSatisfy(prefix ->
                        assertThat(prefixes).filteredOn(prefix::startsWith).containsExactly(prefix));
    }

    @Test
    void shouldKeepApartWhatStandsApart() {
        var layout = Layout.of("a-b", MACHINES, Set.of("b-timers")::contains);

        assertThat(layout.stores(MACHINES))
                .contains("a-timers", "b-timers", "a-backlog")
                .hasSize(8);
        assertThat(layout.store("b", "timers")).isEqualTo("b-timers");
        assertThat(layout.prefix("b", "timers")).isEmpty();
    }
}
