package io.groundwork.iam.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Directory.Group;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import io.groundwork.iam.domain.GrantSpecification;
import io.groundwork.runtime.Calls;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Progress;
import io.groundwork.runtime.Work;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectoryDriverTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ResourceId WEB = new ResourceId("acme", "payments", "web");

    private final InMemoryGrants grants = new InMemoryGrants();
    private final DirectoryDriver driver = new DirectoryDriver(
            grants,
            name -> Optional.ofNullable(Map.of(
                            "devs", new Group("acme", List.of(), List.of("viewer", "operator")),
                            "nobodies", new Group("acme", List.of(), List.of()),
                            "theirs", new Group("globex", List.of(), List.of("viewer")))
                    .get(name)));

    @Test
    void shouldGrantAgainAndAgainAndRevoke() {
        assertThat(driver.advance(work("devs", "viewer", 1))).isInstanceOf(Progress.Done.class);
        assertThat(driver.advance(work("devs", "viewer", 2))).isInstanceOf(Progress.Done.class);
        assertThat(grants.of(WEB)).containsExactly(new AccessGrant("devs", "viewer"));
        assertThat(driver.undo(work("devs", "viewer", 3))).isInstanceOf(Progress.Done.class);
        assertThat(driver.undo(work("devs", "viewer", 4))).isInstanceOf(Progress.Done.class);
        assertThat(grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldRefuseForGoodWhatTheDirectoryDoesNotAllow() {
        assertThat(refusal("devs", "admin"))
                .isEqualTo("Group devs may not hold role admin; it may hold operator, viewer.");
        assertThat(refusal("nobodies", "viewer"))
                .isEqualTo("Group nobodies may not hold role viewer; it may hold none.");
        assertThat(refusal("ghosts", "viewer")).isEqualTo("There is no group ghosts in tenant acme.");
        assertThat(refusal("theirs", "viewer")).isEqualTo("There is no group theirs in tenant acme.");
        assertThat(grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldChangeNothingUnderAnOlderFence() {
        driver.undo(work("devs", "viewer", 5));
        assertThat(driver.advance(work("devs", "viewer", 4)))
                .isInstanceOfSatisfying(
                        Progress.Failed.class,
                        failed -> assertThat(failed.failure().retryable()).isTrue());
        assertThat(grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldTryAgainWhenTheDirectoryDoesNotAnswer() {
        grants.failing(() -> true);
        assertThat(driver.advance(work("devs", "viewer", 1))).isInstanceOfSatisfying(Progress.Failed.class, failed -> {
            assertThat(failed.failure().category()).isEqualTo(FailureCategory.CONNECTIVITY);
            assertThat(failed.failure().retryable()).isTrue();
        });
    }

    private String refusal(String group, String role) {
        return driver.advance(work(group, role, 1)) instanceof Progress.Failed<Void> failed
                        && !failed.failure().retryable()
                        && failed.failure().category() == FailureCategory.AUTH
                ? failed.failure().message()
                : "granted";
    }

    private static Operation<GrantSpecification, Void> work(String group, String role, long fence) {
        var specification = new GrantSpecification(WEB, new AccessGrant(group, role));
        var order = new Order(
                "acme/payments/web#1/" + group + "/" + role,
                WEB,
                RequestId.of("acme", "1"),
                1,
                new StepId("grant"),
                1,
                "directory",
                List.of(),
                Goal.DONE,
                Order.specification(specification));
        return new Operation<>(
                specification,
                null,
                new Work(order, null, fence, NOW.plusSeconds(10), Instant.EPOCH, 0),
                new Calls(InstantSource.fixed(NOW)));
    }
}
