package io.groundwork.approval.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.approval.domain.Answer;
import io.groundwork.approval.view.ApprovalCase;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.Component;
import io.groundwork.events.Design;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final Map<String, String> REGIONS = Map.of("eu-central-1", "", "us-east-1", "");
    private static final Map<String, String> PROFILES = Map.of("standard", "");

    private final Page page = new Page();

    @Test
    void shouldShowWhatIsAskedWithoutChoosingAnything() {
        var html = form(DecisionPage.Form.EMPTY, List.of());
        assertThat(html)
                .contains("<h2>deploy acme/payments/web</h2>", "dev@acme.example", "web: 3 × m.small, debian-12")
                .contains("payments-devs as operator", "12.50 EUR a month", "5 January 2026, 10:02:00 UTC")
                .contains("<li>approve (approval-service)</li>")
                .contains("<form method=\"post\"", "name=\"decision\" value=\"approve\"", "value=\"reject\"")
                .contains("<option value=\"eu-central-1\">", "<option value=\"standard\">")
                .doesNotContain(" checked", " selected", "<script", "http://", "https://");
    }

    @Test
    void shouldKeepWhatWasTypedAndSayWhatIsMissing() {
        var html = form(
                new DecisionPage.Form("approve", "\"><script>x</script>", "us-east-1", ""),
                List.of(new Answer.FieldError("/profile", "Choose a profile.")));
        assertThat(html)
                .contains("value=\"approve\" required checked", "<option value=\"us-east-1\" selected>")
                .contains("<li>Choose a profile.</li>", "&gt;&lt;script&gt;")
                .doesNotContain("<script");
    }

    @Test
    void shouldShowAPageWhileTheDatabaseIsAway() {
        var response =
                DecisionPage.failed(page, new IllegalStateException(new SQLException("Connection refused", "08001")));
        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeaderString("Retry-After")).isEqualTo("2");
        assertThat((String) response.getEntity()).contains("Try again", "again is safe");
        assertThat(DecisionPage.failed(page, new IllegalStateException("bug")).getStatus())
                .isEqualTo(500);
    }

    @Test
    void shouldNotAskForAPlaceWhereNothingIsPlaced() {
        var html = (String)
                page.form(200, known(false, List.of()), "lead", DecisionPage.Form.EMPTY, List.of(), REGIONS, PROFILES)
                        .getEntity();
        assertThat(html).contains("<form").doesNotContain("<select");
    }

    @Test
    void shouldShowDecisionsWithoutAForm() {
        var decision = new DecisionRecorded("lead@acme.example", true, "why <not>", null, "link", NOW);
        var response = page.outcome(409, "Already decided.", known(true, List.of(decision)));
        assertThat(response.getStatus()).isEqualTo(409);
        assertThat((String) response.getEntity())
                .contains("approved by lead@acme.example at 5 January 2026, 10:00:00 UTC: why &lt;not&gt;")
                .doesNotContain("<form");
    }

    @Test
    void shouldBeKeptFramedAndPassedOnByNobody() throws Exception {
        var response = page.message(403, "Not a valid link", "No.");
        assertThat(response.getHeaderString("Cache-Control")).isEqualTo("no-store");
        assertThat(response.getHeaderString("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(response.getHeaderString("X-Robots-Tag")).contains("noindex");
        // the policy lets exactly the style through that stands in the page
        var style = Pattern.compile("<style>(.*)</style>", Pattern.DOTALL).matcher((String) response.getEntity());
        assertThat(style.find()).isTrue();
        var digest = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(style.group(1).getBytes(StandardCharsets.UTF_8)));
        assertThat(response.getHeaderString("Content-Security-Policy")).contains("'sha256-" + digest + "'");
    }

    private String form(DecisionPage.Form typed, List<Answer.FieldError> errors) {
        return (String) page.form(
                        errors.isEmpty() ? 200 : 422,
                        known(true, List.of()),
                        "lead@acme.example",
                        typed,
                        errors,
                        REGIONS,
                        PROFILES)
                .getEntity();
    }

    private static ApprovalCase known(boolean placement, List<DecisionRecorded> decisions) {
        var web = new Component.CloudVm(
                "web", 3, List.of(), "m.small", "debian-12", null, List.of(), List.of(), null, null);
        var design = new Design(List.of(web), List.of(new Design.AccessGrant("payments-devs", "operator")), Map.of());
        var approvers = List.of("lead@acme.example");
        var input = new StepInput.Approve(
                "dev@acme.example",
                RequestKind.DEPLOY,
                approvers,
                1,
                Duration.ofMinutes(2),
                placement,
                design,
                "12.50",
                "EUR");
        var plan = new Plan(List.of(new Step(
                StepId.of(StepKind.APPROVE),
                StepKind.APPROVE,
                Owner.APPROVAL,
                List.of(),
                Step.Undo.NONE,
                Step.OnFailure.COMPENSATE,
                Duration.ofMinutes(3),
                input)));
        return new ApprovalCase(
                RequestId.of("acme", "one"),
                ResourceId.parse("acme/payments/web"),
                decisions.isEmpty() ? Answer.State.AWAITING_APPROVAL : Answer.State.APPROVED,
                new Ask(
                        RequestKind.DEPLOY,
                        "dev@acme.example",
                        approvers,
                        1,
                        Duration.ofMinutes(2),
                        OnConflict.QUEUE,
                        design,
                        "sha256:0",
                        List.of(),
                        NOW),
                plan,
                approvers,
                1,
                NOW.plusSeconds(120),
                plan.digest(),
                decisions,
                null);
    }
}
