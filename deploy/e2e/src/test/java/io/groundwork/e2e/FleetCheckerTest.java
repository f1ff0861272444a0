package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.e2e.Checker.Finding;
import io.groundwork.e2e.Fleet.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of fault in a small world where one request stands on two servers and a third is free. */
class FleetCheckerTest {
    private static final String RACK = "acme/chaos/rack";
    private static final String GONE = "acme/chaos/gone";

    private final List<Server> servers =
            new ArrayList<>(List.of(active("srv-1", RACK + "/db/0"), active("srv-2", RACK + "/db/1"), free("srv-3")));
    private final Map<String, List<String>> claimed = new HashMap<>(Map.of(RACK, List.of("srv-1", "srv-2")));
    private final Map<String, List<String>> addresses =
            new HashMap<>(Map.of(RACK, List.of("10.20.0.11", "10.20.0.12")));
    private long held = 2;
    private long free = 1;
    private long taken = 2;

    @Test
    void shouldFindNothingWhereNothingIsWrong() {
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldFindAServerThatIsHeldByTwo() {
        claimed.put(GONE, List.of("srv-1"));
        held++;
        assertThat(found())
                .containsExactlyInAnyOrder(
                        "DOUBLED : srv-1 is claimed twice",
                        "LEFT_OVER " + GONE + ": claims servers [srv-1] and stands on []");
    }

    @Test
    void shouldFindTwoServersForOneInstance() {
        servers.set(2, active("srv-3", RACK + "/db/1"));
        free = 0;
        assertThat(found())
                .containsExactlyInAnyOrder(
                        "DOUBLED " + RACK + ": srv-3 is a second " + RACK + "/db/1",
                        "MISSING " + RACK + ": claims servers [srv-1, srv-2] and stands on [srv-1, srv-2, srv-3]");
    }

    @Test
    void shouldFindAServerThatIsLeftOfWhatIsGone() {
        servers.set(2, active("srv-3", GONE + "/db/0"));
        free = 0;
        assertThat(found()).contains("LEFT_OVER " + GONE + ": srv-3 is active for " + GONE + "/db/0");
    }

    @Test
    void shouldFindAnInstanceWithoutAServer() {
        servers.set(1, free("srv-2"));
        assertThat(found()).contains("MISSING " + RACK + "/db/1: stands on no server");
    }

    @Test
    void shouldFindAServerThatDidNotComeBack() {
        servers.set(2, new Server("srv-3", "clean-failed", "no answer", "", false, false, Set.of(), List.of()));
        assertThat(found()).containsExactly("LEFT_OVER : srv-3 is not offered, but clean-failed: no answer");
    }

    @Test
    void shouldFindAServerThatIsKeptOut() {
        servers.set(2, new Server("srv-3", "available", "quarantine", "", false, false, Set.of(), List.of()));
        assertThat(found()).containsExactly("LEFT_OVER : srv-3 is not offered, but available: quarantine");
    }

    @Test
    void shouldFindAFreeServerThatRunsIsLinkedOrHoldsData() {
        for (var broken : List.of(
                new Server("srv-3", "available", "", "", true, false, Set.of(), List.of()),
                new Server("srv-3", "available", "", "", false, true, Set.of(), List.of()),
                new Server("srv-3", "available", "", "", false, false, Set.of(GONE + "/db/0"), List.of()))) {
            servers.set(2, broken);
            assertThat(found()).singleElement().asString().startsWith("LEFT_OVER : srv-3 belongs to nobody");
        }
    }

    @Test
    void shouldFindAServerThatDoesNotRunWhatStandsOnIt() {
        var consumer = RACK + "/db/1";
        for (var broken : List.of(
                new Server("srv-2", "deploy-failed", "busy", consumer, true, true, Set.of(consumer), List.of()),
                new Server("srv-2", "active", "busy", consumer, false, true, Set.of(consumer), List.of()),
                new Server("srv-2", "active", "busy", consumer, true, false, Set.of(consumer), List.of()),
                new Server("srv-2", "active", "busy", consumer, true, true, Set.of(), List.of()),
                new Server(
                        "srv-2",
                        "active",
                        "busy",
                        consumer,
                        true,
                        true,
                        Set.of(consumer, GONE + "/db/0"),
                        List.of()))) {
            servers.set(1, broken);
            assertThat(found()).singleElement().asString().startsWith("MISSING " + RACK + ": srv-2 is ");
        }
    }

    @Test
    void shouldFindTwoWorksThatChangeAServerAtATime() {
        servers.set(2, new Server("srv-3", "available", "", "", false, false, Set.of(), List.of("one after another")));
        assertThat(found())
                .containsExactly("OVERLAPPING : srv-3 was changed by two works at a time: [one after another]");
    }

    @Test
    void shouldFindServersThatAreNotClaimed() {
        claimed.clear();
        held = 0;
        assertThat(found()).containsExactly("MISSING " + RACK + ": claims servers [] and stands on [srv-1, srv-2]");
    }

    @Test
    void shouldFindAddressesThatAreLeftTakenTwiceOrMissing() {
        addresses.put(GONE, List.of("10.20.0.12"));
        taken++;
        assertThat(found())
                .containsExactlyInAnyOrder(
                        "DOUBLED : 10.20.0.12 is claimed twice", "LEFT_OVER " + GONE + ": 1 addresses instead of 0");
        addresses.remove(GONE);
        addresses.put(RACK, List.of("10.20.0.11"));
        taken = 1;
        assertThat(found()).containsExactly("MISSING " + RACK + ": 1 addresses instead of 2");
    }

    @Test
    void shouldFindPoolsThatCountOtherwise() {
        held = 3;
        free = 0;
        taken = 3;
        assertThat(found())
                .containsExactly(
                        "LEFT_OVER : 3 servers held in pools instead of 2",
                        "MISSING : 0 servers free in pools instead of 1",
                        "LEFT_OVER : 3 addresses taken from subnets instead of 2");
    }

    private List<String> found() {
        var findings = new ArrayList<Finding>();
        var standing = Map.of(RACK, new Asked("r1", Ask.deploy(RACK).servers(2).json(), Set.of("COMPLETED")));
        var fleet = new Fleet(servers, claimed, addresses, held, free, taken);
        new FleetChecker(Set.of(RACK, GONE), standing, fleet, findings::add).check();
        return findings.stream()
                .map(finding -> finding.column() + " " + finding.resource() + ": " + finding.what())
                .toList();
    }

    private static Server active(String id, String consumer) {
        return new Server(id, "active", "busy", consumer, true, true, Set.of(consumer), List.of());
    }

    private static Server free(String id) {
        return new Server(id, "available", "", "", false, false, Set.of(), List.of());
    }
}
