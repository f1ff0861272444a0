package io.groundwork.notification.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.notification.domain.Delivery;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.Template;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The texts of mails: for each template a plain and an HTML one, from {@code templates/}. */
public final class Letters {

    private final Map<String, Texts> texts;

    public Letters() {
        var engine = Engine.builder()
                .addDefaults()
                .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
                .build();
        texts = Map.of("approval", texts(engine, "approval"), "closed", texts(engine, "closed"));
    }

    /** A mail's text as it is sent. */
    public record Letter(String subject, String text, String html) {}

    private record Texts(Template text, Template html) {}

    /**
     * @param link opened for this letter alone; empty for a text without
     * @throws IllegalArgumentException if there is no such template
     */
    public Letter write(Delivery.Mail mail, String link) {
        var template = texts.get(mail.template());
        if (template == null) {
            throw new IllegalArgumentException("no mail template '" + mail.template() + "'");
        }
        return new Letter(subject(mail), render(template.text(), mail, link), render(template.html(), mail, link));
    }

    private static String subject(Delivery.Mail mail) {
        var about = word(mail, "operation") + " " + word(mail, "resource");
        return mail.template().equals("approval") ? "Please decide: " + about : word(mail, "outcome") + ": " + about;
    }

    /** A fact as one line: it becomes a header. */
    private static String word(Delivery.Mail mail, String fact) {
        return mail.facts().getOrDefault(fact, "").replaceAll("\\p{Cntrl}+", " ");
    }

    private static String render(Template template, Delivery.Mail mail, String link) {
        return template.data("fact", mail.facts(), "link", link).render();
    }

    private static Texts texts(Engine engine, String name) {
        return new Texts(
                engine.parse(read(name + ".txt"), Variant.forContentType(Variant.TEXT_PLAIN), name + ".txt"),
                engine.parse(read(name + ".html"), Variant.forContentType(Variant.TEXT_HTML), name + ".html"));
    }

    private static String read(String name) {
        try (var file = resource(name)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        var file = find(name);
        if (file == null) {
            throw new IOException("the template " + name + " is missing");
        }
        return file;
    }

    private static @Nullable InputStream find(String name) {
        return Letters.class.getResourceAsStream("/templates/" + name);
    }
}
