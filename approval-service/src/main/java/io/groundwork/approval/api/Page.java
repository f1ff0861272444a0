package io.groundwork.approval.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.approval.domain.Answer;
import io.groundwork.approval.domain.Wording;
import io.groundwork.approval.view.ApprovalCase;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.Variant;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The decision page as HTML: one template, no script, and nothing that a browser may keep, frame or pass on. */
final class Page {

    private final String style = read("approval.css");
    private final String policy = "default-src 'none'; style-src 'sha256-" + digest(style)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private final Template template = Engine.builder()
            .addDefaults()
            .addValueResolver(new ReflectionValueResolver())
            .addValueResolver(ValueResolvers.rawResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .build()
            .parse(read("approval.html"), Variant.forContentType(Variant.TEXT_HTML), "approval.html");

    /** A sentence, about no request in particular. */
    Response message(int status, String title, String sentence) {
        return render(status, title, sentence, null, null);
    }

    /** How a request stands. */
    Response outcome(int status, String sentence, ApprovalCase known) {
        return render(status, DecisionPage.title(status), sentence, Details.of(known), null);
    }

    /** The question, to be answered. */
    Response form(
            int status,
            ApprovalCase known,
            String approver,
            DecisionPage.Form typed,
            List<Answer.FieldError> errors,
            Map<String, ?> regions,
            Map<String, ?> profiles) {
        var placement = known.question().map(StepInput.Approve::placement).orElse(false);
        var form = new Form(
                approver,
                placement,
                text(typed.decision()),
                text(typed.reason()),
                text(typed.region()),
                text(typed.profile()),
                List.copyOf(regions.keySet()),
                List.copyOf(profiles.keySet()),
                errors.stream().map(Answer.FieldError::detail).toList());
        var sentence = status == 200
                ? known.ask().requester() + " asks you to decide."
                : "Nothing was decided. Please complete the form.";
        return render(
                status,
                status == 200 ? "Please decide" : DecisionPage.title(status),
                sentence,
                Details.of(known),
                form);
    }

    private Response render(int status, String title, String sentence, @Nullable Details details, @Nullable Form form) {
        var html = template.data("title", title)
                .data("sentence", sentence)
                .data("style", style)
                .data("details", details == null ? List.of() : List.of(details))
                .data("forms", form == null ? List.of() : List.of(form))
                .render();
        var response = Response.status(status)
                .entity(html)
                .type(MediaType.TEXT_HTML + ";charset=UTF-8")
                .header("Cache-Control", "no-store")
                .header("Content-Security-Policy", policy)
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Robots-Tag", "noindex, nofollow");
        return status == 503 ? response.header("Retry-After", 2).build() : response.build();
    }

    /** What is asked for. */
    public record Details(
            String operation,
            String resource,
            String requester,
            List<String> components,
            List<String> access,
            List<String> steps,
            String price,
            String deadline,
            String approvals,
            List<String> decisions) {

        static Details of(ApprovalCase known) {
            var question = known.question();
            return new Details(
                    known.ask().operation().word(),
                    known.resource().toString(),
                    known.ask().requester(),
                    question.map(Wording::components).stream()
                            .flatMap(String::lines)
                            .toList(),
                    question.map(Wording::access).stream()
                            .flatMap(String::lines)
                            .toList(),
                    known.plan().steps().stream().map(Details::step).toList(),
                    question.map(Wording::price).orElse(""),
                    known.deadline() == null ? "" : Wording.time(known.deadline()),
                    known.quorum() + " of " + String.join(", ", known.approvers()),
                    known.decisions().stream().map(Details::decision).toList());
        }

        private static String step(Step step) {
            return step.id() + " (" + step.owner().service() + ")";
        }

        private static String decision(DecisionRecorded decision) {
            return Wording.decision(decision)
                    + (decision.choices() == null ? "" : ", " + Wording.choices(decision.choices())) + ": "
                    + decision.reason();
        }
    }

    /** What can be typed and chosen. */
    public record Form(
            String approver,
            boolean placement,
            String decision,
            String reason,
            String region,
            String profile,
            List<String> regions,
            List<String> profiles,
            List<String> errors) {}

    private static String text(@Nullable String typed) {
        return typed == null ? "" : typed;
    }

    private static String read(String name) {
        try (var file = Objects.requireNonNull(Page.class.getResourceAsStream("/templates/" + name), name)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
