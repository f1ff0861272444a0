package io.groundwork.local.inbox;

import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One mail as one recipient got it.
 *
 * @param id grows with each mail and is never used again
 * @param to the recipient of the envelope: one address, also when the mail went to several
 * @param subject empty when it has none
 * @param text the first plain part, empty when it has none
 * @param html the first HTML part, empty when it has none
 * @param receivedAt ISO-8601, UTC
 */
record Message(String id, String to, String subject, String text, String html, String receivedAt) {

    /** Reads a mail; one that breaks the rules of MIME is shown as it came. */
    static Message of(String id, String to, MimeMessage mail, String receivedAt) {
        String subject;
        try {
            subject = Objects.requireNonNullElse(mail.getSubject(), "");
        } catch (MessagingException unreadable) {
            subject = "(unreadable subject)";
        }
        try {
            return new Message(id, to, subject, find(mail, "text/plain"), find(mail, "text/html"), receivedAt);
        } catch (MessagingException | IOException unreadable) {
            return new Message(id, to, subject, raw(mail), "", receivedAt);
        }
    }

    private static String find(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type) && !Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition())) {
            return part.getContent().toString();
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof MimeMultipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                var found = find(parts.getBodyPart(i), type);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }

    private static String raw(MimeMessage mail) {
        try (var content = mail.getRawInputStream()) {
            return new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (MessagingException | IOException unreadable) {
            return "(unreadable: " + unreadable.getMessage() + ")";
        }
    }
}
