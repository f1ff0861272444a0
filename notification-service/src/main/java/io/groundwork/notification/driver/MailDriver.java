package io.groundwork.notification.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.groundwork.events.FailureCategory;
import io.groundwork.events.Uuids;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends mails by SMTP, one connection each.
 *
 * <p>Failure semantics: what the server refuses with 5xx (RFC 5321 section 4.2.1) is final, with 4xx is tried again, as is a server
 * that cannot be reached or does not answer. In no case is the server's own text passed on: it may quote the mail, and with it
 * the link.
 */
public final class MailDriver {

    /** Of connecting, and of every answer. A dialogue has eight of them at most. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Logger LOG = Logger.getLogger(MailDriver.class);

    /** Would write whole mails, links included, at a level that may be asked for of everything. Held, as loggers are weak. */
    private static final java.util.logging.Logger DIALOGUE =
            java.util.logging.Logger.getLogger("org.eclipse.angus.mail.smtp.protocol");

    static {
        DIALOGUE.setLevel(Level.OFF);
    }

    private final Settings settings;
    private final Session session;
    private final Letters letters;
    private final UnaryOperator<String> open;

    /** @param open opens a sealed link */
    public MailDriver(Settings settings, Letters letters, UnaryOperator<String> open) {
        this(settings, letters, open, PATIENCE);
    }

    MailDriver(Settings settings, Letters letters, UnaryOperator<String> open, Duration patience) {
        this.settings = settings;
        this.letters = letters;
        this.open = open;
        this.session = Session.getInstance(properties(settings, patience));
    }

    /**
     * The server that takes our mails.
     *
     * @param user null: without signing in
     * @param startTls whether to refuse a server that does not offer encryption
     * @param from the sender's address
     */
    public record Settings(
            String host,
            int port,
            @Nullable String user,
            @Nullable String password,
            boolean startTls,
            String from) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    Progress<Void> send(Delivery.Mail mail, Operation<Delivery, Void> operation) {
        MimeMessage message;
        try {
            message = message(mail, operation.id());
        } catch (AddressException invalid) {
            return DeliveryDriver.failed(
                    FailureCategory.VALIDATION,
                    "'" + mail.to() + "' is not a mail address.",
                    "address does not parse",
                    false);
        } catch (MessagingException | RuntimeException e) {
            // not its message: what could not be rendered may stand in it
            return DeliveryDriver.failed(
                    FailureCategory.BUG,
                    "The mail to " + mail.to() + " could not be written.",
                    e.getClass().getSimpleName(),
                    false);
        }
        return operation.mutate(() -> deliver(mail, message, operation));
    }

    private Progress<Void> deliver(Delivery.Mail mail, MimeMessage message, Operation<Delivery, Void> operation) {
        Transport transport;
        try {
            transport = session.getTransport("smtp");
            transport.connect(settings.host(), settings.port(), settings.user(), settings.password());
        } catch (AuthenticationFailedException e) {
            // wrong for now: whoever can mend the credentials is told by the tries that fail
            return DeliveryDriver.failed(
                    FailureCategory.AUTH, "The mail server did not let us in.", settings.toString(), true);
        } catch (MessagingException e) {
            return unreachable(e.getClass().getSimpleName());
        }
        try {
            transport.sendMessage(message, message.getAllRecipients());
            return DeliveryDriver.done();
        } catch (MessagingException failed) {
            var code = code(failed);
            if (code.isPresent()) {
                return refused(mail, code.getAsInt());
            }
            operation.unanswered();
            return unreachable("no answer");
        } finally {
            close(transport);
        }
    }

    /** What the server said of the mail stands, however the connection ends. */
    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException gone) {
            LOG.debugf("the connection was gone: %s", gone.getClass().getSimpleName());
        }
    }

    private Progress<Void> unreachable(String how) {
        return DeliveryDriver.failed(
                FailureCategory.CONNECTIVITY, "The mail server could not be reached.", settings + ": " + how, true);
    }

    private Progress<Void> refused(Delivery.Mail mail, int code) {
        var permanent = code >= 500;
        return DeliveryDriver.failed(
                FailureCategory.PROVIDER,
                "The mail server " + (permanent ? "refused" : "did not take") + " the mail to " + mail.to() + ".",
                "SMTP " + code,
                !permanent);
    }

    private MimeMessage message(Delivery.Mail mail, String operation) throws MessagingException {
        var letter = letters.write(mail, mail.sealedLink() == null ? "" : open.apply(mail.sealedLink()));
        var from = new InternetAddress(settings.from(), true);
        var message = new Named(session, messageId(operation, from));
        message.setFrom(from);
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), true));
        message.setSubject(letter.subject(), UTF_8.name());
        message.setHeader("Date", RFC_1123_DATE_TIME.format(OffsetDateTime.now(ZoneOffset.UTC)));
        // RFC 3834: no out-of-office answers
        message.setHeader("Auto-Submitted", "auto-generated");
        var text = new MimeBodyPart();
        text.setText(letter.text(), UTF_8.name());
        var html = new MimeBodyPart();
        html.setText(letter.html(), UTF_8.name(), "html");
        message.setContent(new MimeMultipart("alternative", text, html));
        message.saveChanges();
        return message;
    }

    /** The same for the same mail, so that a mail that was delivered twice is known as one. */
    private static String messageId(String operation, InternetAddress from) {
        var address = from.getAddress();
        return "<" + Uuids.named(operation) + "@" + address.substring(address.indexOf('@') + 1) + ">";
    }

    /** What the server answered; empty if it did not. */
    private static OptionalInt code(MessagingException failed) {
        for (Exception next = failed; next instanceof MessagingException one; next = one.getNextException()) {
            switch (one) {
                case SMTPAddressFailedException address -> {
                    return OptionalInt.of(address.getReturnCode());
                }
                case SMTPSenderFailedException sender -> {
                    return OptionalInt.of(sender.getReturnCode());
                }
                case SMTPSendFailedException send
                when send.getReturnCode() > 0 -> {
                    return OptionalInt.of(send.getReturnCode());
                }
                default -> {}
            }
        }
        return OptionalInt.empty();
    }

    private static Properties properties(Settings settings, Duration patience) {
        var properties = new Properties();
        var millis = Long.toString(patience.toMillis());
        properties.setProperty("mail.smtp.connectiontimeout", millis);
        properties.setProperty("mail.smtp.timeout", millis);
        properties.setProperty("mail.smtp.writetimeout", millis);
        properties.setProperty("mail.smtp.auth", Boolean.toString(settings.user() != null));
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(settings.startTls()));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        // the mail is with the server once it said so; its good-bye need not be waited for
        properties.setProperty("mail.smtp.quitwait", "false");
        return properties;
    }

    /** Keeps the id that it is given. */
    private static final class Named extends MimeMessage {

        private final String id;

        Named(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
