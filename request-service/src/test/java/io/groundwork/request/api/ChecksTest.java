package io.groundwork.request.api;

import static io.groundwork.request.domain.Asks.servers;
import static io.groundwork.request.domain.Asks.vm;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.AccountFact;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Component;
import io.groundwork.events.Design;
import io.groundwork.events.PoolTotals;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.Planner;
import io.groundwork.request.domain.StepTimeouts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChecksTest {

    private final Map<String, AccountFact> accounts = new TreeMap<>();
    private Map<String, Long> servers = Map.of();
    private boolean broken;

    @Test
    void shouldNameEveryCheckOnceWithItsTime() {
        var checks = of(
                Asks.deploy(new Design(List.of(vm("web", 2), servers("db", 2, null)), Asks.DESIGN.access(), Map.of())));

        assertThat(checks)
                .extracting(Check::name)
                .containsExactly("catalogue", "quota", "credentials", "capacity", "portable", "access", "approvers");
        assertThat(checks)
                .allMatch(check -> check.durationMs() >= 0 && !check.detail().isBlank());
        assertThat(of(Asks.decommission())).extracting(Check::name).containsExactly("approvers");
    }

    @Test
    void shouldNotCallAnAccountUsableThatNobodyHasLookedAt() {
        var credentials = credentials(vm("web", 1));

        assertThat(credentials.ok()).isFalse();
        assertThat(credentials.detail()).contains("standard in eu-central-1 (nobody has looked yet)");
    }

    @Test
    void shouldBeContentWithOneAccountAndSayWhatIsWrongWithTheOthers() {
        account("standard", null);
        account("isolated", "The cloud does not permit this to the chosen profile.");

        var credentials = credentials(vm("web", 1));

        assertThat(credentials.ok()).isTrue();
        assertThat(credentials.detail())
                .contains("can be used: standard in eu-central-1 (at 2026-03-01T08:00:00Z)")
                .contains("cannot: isolated in eu-central-1 (The cloud does not permit this to the chosen profile.");

        account("standard", "The cloud did not answer in time.");
        assertThat(credentials(vm("web", 1)).ok()).isFalse();
    }

    @Test
    void shouldCountTheServersWhoseBmcHasTakenItsCredentials() {
        servers = Map.of("free", 1L, "enroll-failed", 3L, "verifying", 1L);

        assertThat(credentials(servers("db", 2, null)).ok()).isFalse();
        assertThat(credentials(servers("db", 2, 1)).ok()).isTrue();
        assertThat(credentials(servers("db", 2, 1)).detail())
                .isEqualTo("The BMCs of 1 of 5 servers of pool/ams1/m1.large have taken their credentials.");
    }

    @Test
    void shouldSayThatACheckCouldNotBeMadeAndMakeTheOthers() {
        broken = true;

        var checks = of(Asks.deploy(Asks.DESIGN));

        assertThat(checks)
                .filteredOn(check -> check.detail().equals("This could not be looked at now."))
                .extracting(Check::name)
                .containsExactly("quota");
        assertThat(checks).extracting(Check::name).contains("catalogue", "credentials", "approvers");
    }

    private void account(String profile, String reason) {
        accounts.put(profile, new AccountFact(profile, "eu-central-1", reason == null, reason, Asks.START));
    }

    private Check credentials(Component component) {
        return of(Asks.deploy(new Design(List.of(component), List.of(), Map.of()))).stream()
                .filter(check -> check.name().equals("credentials"))
                .findFirst()
                .orElseThrow();
    }

    private List<Check> of(Ask ask) {
        var lookup = new FixedLookup() {
            @Override
            public Set<String> regions() {
                return Set.of("eu-central-1");
            }

            @Override
            public Set<String> profiles() {
                return Set.of("standard", "isolated");
            }

            @Override
            public Optional<AccountFact> account(String profile, String region) {
                return Optional.ofNullable(accounts.get(profile));
            }

            @Override
            public Optional<PoolTotals> pool(String claimable) {
                return Optional.of(new PoolTotals(Map.of(), servers, 0, 0));
            }

            @Override
            public Optional<Catalogue.Quota> quota(String tenant, String project) {
                if (broken) {
                    throw new IllegalStateException("the table is gone");
                }
                return Optional.empty();
            }
        };
        return new Checks(lookup, new Planner(StepTimeouts.DEFAULT))
                .of(new Submission(Asks.RESOURCE, ask, Asks.catalogued(ask.design())));
    }
}
