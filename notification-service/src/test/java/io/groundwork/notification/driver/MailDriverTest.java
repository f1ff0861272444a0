package io.groundwork.notification.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Seal;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Progress;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailDriverTest {

    private static final String LINK = "http://localhost:8081/approvals/AbC-" + "x".repeat(250);
    private static final KeyPair KEYS = keys();

    private final GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void startServer() {
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    @Test
    void shouldDeliverAnApprovalMailWithExactlyOneUrl() throws Exception {
        // When
        var progress = driver(port()).advance(Operations.of("mail/approval/1", approval("lead@acme.example")));
        // Then
        assertThat(progress).isInstanceOf(Progress.Done.class);
        var mail = only();
        assertThat(mail.getRecipients(Message.RecipientType.TO))
                .extracting(Object::toString)
                .containsExactly("lead@acme.example");
        assertThat(mail.getSubject()).isEqualTo("Please decide: deploy acme/payments/web");
        var parts = (MimeMultipart) mail.getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        var text = (String) parts.getBodyPart(0).getContent();
        assertThat(Pattern.compile("https?://\\S+").matcher(text).results().map(url -> url.group()))
                .containsExactly(LINK);
        assertThat(text).contains("dev@acme.example", "3 × m.small", "12.50 EUR a month", "5 January 2026");
        var html = (String) parts.getBodyPart(1).getContent();
        assertThat(html).contains("href=\"" + LINK + "\"").contains("&lt;b&gt;").doesNotContain("<b>");
    }

    @Test
    void shouldNameTheSameMailTheSameEachTime() throws Exception {
        var driver = driver(port());
        driver.advance(Operations.of("mail/approval/1", approval("lead@acme.example")));
        driver.advance(Operations.of("mail/approval/1", approval("lead@acme.example")));
        driver.advance(Operations.of("mail/approval/2", approval("lead@acme.example")));
        var mails = server.getReceivedMessages();
        assertThat(mails[0].getMessageID()).matches("<[0-9a-f-]{36}@groundwork\\.example>");
        assertThat(mails[1].getMessageID()).isEqualTo(mails[0].getMessageID());
        assertThat(mails[2].getMessageID()).isNotEqualTo(mails[0].getMessageID());
    }

    @Test
    void shouldDeliverAfterTheServerWasDown() {
        // Given
        var port = port();
        server.stop();
        var driver = driver(port);
        var down = Operations.failure(driver.advance(Operations.of("mail/approval/1", approval("lead@acme.example"))));
        assertThat(down.retryable()).isTrue();
        assertThat(down.category()).isEqualTo(FailureCategory.CONNECTIVITY);
        var back = new GreenMail(new ServerSetup(port, "localhost", ServerSetup.PROTOCOL_SMTP));
        back.start();
        try {
            // When
            var progress = driver.advance(Operations.of("mail/approval/1", approval("lead@acme.example")));
            // Then
            assertThat(progress).isInstanceOf(Progress.Done.class);
            assertThat(back.getReceivedMessages()).hasSize(1);
        } finally {
            back.stop();
        }
    }

    @Test
    void shouldNotRetryWhatTheServerRefusesForGood() throws Exception {
        try (var refusing = new Scripted("RCPT", "550 5.1.1 no such user, see " + LINK)) {
            var failure = Operations.failure(
                    driver(refusing.port()).advance(Operations.of("mail/approval/1", approval("gone@acme.example"))));
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.detail()).isEqualTo("SMTP 550");
        }
    }

    @Test
    void shouldNotPassOnWhatTheServerQuotesOfTheMail() throws Exception {
        try (var refusing = new Scripted(".", "554 spam: " + LINK)) {
            var failure = Operations.failure(
                    driver(refusing.port()).advance(Operations.of("mail/approval/1", approval("lead@acme.example"))));
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.toString()).doesNotContain("approvals/");
        }
    }

    @Test
    void shouldRetryWhatTheServerCannotTakeNow() throws Exception {
        try (var busy = new Scripted("RCPT", "451 4.3.0 greylisted")) {
            assertThat(Operations.failure(driver(busy.port())
                                    .advance(Operations.of("mail/approval/1", approval("lead@acme.example"))))
                            .retryable())
                    .isTrue();
        }
    }

    @Test
    void shouldGiveUpOnAServerThatFallsSilent() throws Exception {
        try (var silent = new Scripted(".", "")) {
            var failure = Operations.failure(
                    driver(silent.port()).advance(Operations.of("mail/approval/1", approval("lead@acme.example"))));
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.category()).isEqualTo(FailureCategory.CONNECTIVITY);
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsNone() {
        for (var to : List.of("not an address", "a@b\r\nBcc: all@acme.example", "a@acme.example, b@acme.example", "")) {
            var failure = Operations.failure(driver(port()).advance(Operations.of("mail/approval/1", approval(to))));
            assertThat(failure.retryable()).as(to).isFalse();
        }
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void shouldSayHowARequestEnded() throws Exception {
        var mail = new Delivery.Mail(
                "team@acme.example",
                "closed",
                Map.of(
                        "operation", "deploy",
                        "resource", "acme/payments/web",
                        "outcome", "FAILED",
                        "message", "No capacity.",
                        "request", "7d9",
                        "closedAt", "2026-01-05T10:00:00Z"),
                null);
        assertThat(driver(port()).advance(Operations.of("mail/closed/1", mail))).isInstanceOf(Progress.Done.class);
        assertThat(only().getSubject()).isEqualTo("FAILED: deploy acme/payments/web");
        assertThat(GreenMailUtil.getBody(only())).contains("No capacity.");
    }

    @Test
    void shouldSayHowARequestEndedThatNeedsNoExplanation() {
        var facts = Map.of(
                "operation", "deploy",
                "resource", "acme/payments/web",
                "outcome", "COMPLETED",
                "request", "7d9",
                "closedAt", "2026-01-05T10:00:00Z");
        var mail = new Delivery.Mail("team@acme.example", "closed", facts, null);
        assertThat(driver(port()).advance(Operations.of("mail/closed/1", mail))).isInstanceOf(Progress.Done.class);
    }

    @Test
    void shouldNotRetryAMailThatCannotBeWritten() {
        var mail = new Delivery.Mail("team@acme.example", "closed", Map.of(), null);
        var failure = Operations.failure(driver(port()).advance(Operations.of("mail/closed/1", mail)));
        assertThat(failure.category()).isEqualTo(FailureCategory.BUG);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void shouldNeverLogOrStoreTheLink() {
        var logged = new ArrayList<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(record.getLoggerName() + " " + record.getMessage() + " " + record.getThrown()
                        + (record.getParameters() == null ? "" : List.of(record.getParameters())));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var root = Logger.getLogger("");
        var level = root.getLevel();
        root.addHandler(handler);
        root.setLevel(Level.ALL);
        handler.setLevel(Level.ALL);
        try {
            var operation = Operations.of("mail/approval/1", approval("lead@acme.example"));
            var driver = driver(port());
            driver.advance(operation);
            server.stop();
            driver.advance(operation);
            // but for the test's own server, which writes down what it hears
            logged.removeIf(line -> line.startsWith("com.icegreen."));
            assertThat(logged).isNotEmpty();
            assertThat(logged).noneMatch(line -> line.contains("approvals/"));
            assertThat(operation.toString()).doesNotContain("approvals/");
            assertThat(new String(Json.write(operation.work()), StandardCharsets.UTF_8))
                    .doesNotContain("approvals/");
        } finally {
            root.setLevel(level);
            root.removeHandler(handler);
        }
    }

    private MimeMessage only() {
        var mails = server.getReceivedMessages();
        assertThat(mails).hasSize(1);
        return mails[0];
    }

    private int port() {
        return server.getSmtp().getPort();
    }

    private static DeliveryDriver driver(int port) {
        var settings = new MailDriver.Settings("localhost", port, null, null, false, "no-reply@groundwork.example");
        var key = Base64.getEncoder().encodeToString(KEYS.getPrivate().getEncoded());
        return new DeliveryDriver(
                new MailDriver(settings, new Letters(), box -> Seal.open(box, key), Duration.ofMillis(500)),
                new WebhookDriver(box -> Seal.open(box, key)));
    }

    private static Delivery.Mail approval(String to) {
        return new Delivery.Mail(
                to,
                "approval",
                Map.of(
                        "request", "6e0f2a0e-45b5-4d8a-8a3f-6a3c7f6f2f10",
                        "requester", "dev@acme.example",
                        "operation", "deploy",
                        "resource", "acme/payments/web",
                        "components", "web: 3 × m.small, <b>debian-12</b>",
                        "access", "",
                        "price", "12.50 EUR a month",
                        "quorum", "1",
                        "deadline", "5 January 2026, 10:02:00 UTC"),
                Seal.seal(
                        LINK,
                        Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded())));
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An SMTP server that answers one command in its own way; nothing at all if the answer is empty. */
    private static final class Scripted implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final String command;
        private final String answer;

        Scripted(String command, String answer) throws IOException {
            this.command = command;
            this.answer = answer;
            Thread.ofVirtual().start(() -> {
                try (var client = socket.accept()) {
                    talk(client);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        private void talk(Socket client) throws IOException {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            say(client, "220 scripted");
            var data = false;
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (data && !line.equals(".")) {
                    continue;
                }
                data = line.equals("DATA");
                if (line.startsWith(command)) {
                    if (!answer.isEmpty()) {
                        say(client, answer);
                    }
                } else {
                    say(client, data ? "354 go on" : "250 ok");
                }
            }
        }

        private static void say(Socket client, String line) throws IOException {
            client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
