package io.groundwork.local.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxIT {
    private static final String TEXT = "Decide here: http://localhost:8081/decide/abc?x=1&y=2\nby Ünal";
    private static final String HTML = "<p>Decide <a href=\"http://localhost:8081/decide/abc\">here</a></p>";

    @TempDir
    private Path data;

    private Inbox inbox;

    @BeforeEach
    void start() throws IOException {
        inbox = Inbox.start(data, 0, 0);
    }

    @AfterEach
    void stop() {
        inbox.close();
    }

    @Test
    void shouldShowReceivedMailByApi() throws Exception {
        send("Approve acme/payments/web", "lead@acme.example");
        send("And this one", "second@acme.example");

        var messages = messages();
        assertThat(messages).extracting(Message::to).containsExactly("lead@acme.example", "second@acme.example");
        var first = messages.getFirst();
        assertThat(first.subject()).isEqualTo("Approve acme/payments/web");
        assertThat(first.text().replace("\r\n", "\n")).isEqualTo(TEXT);
        assertThat(first.html()).isEqualTo(HTML);
        assertThat(first.receivedAt()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    }

    @Test
    void shouldKeepOneMessageForEachRecipient() throws Exception {
        send("To both", "lead@acme.example", "second@acme.example");

        assertThat(messages())
                .extracting(Message::to)
                .containsExactlyInAnyOrder("lead@acme.example", "second@acme.example");
    }

    @Test
    void shouldKeepMessagesAcrossRestartAndNeverReuseAnId() throws Exception {
        send("First", "lead@acme.example");
        restart();
        send("Second", "lead@acme.example");

        assertThat(messages()).extracting(Message::subject).containsExactly("First", "Second");
        assertThat(messages()).extracting(Message::id).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void shouldForgetMessagesWhenTold() throws Exception {
        send("First", "lead@acme.example");
        assertThat(call("DELETE", "/api/messages").statusCode()).isEqualTo(204);

        assertThat(messages()).isEmpty();
        restart();
        assertThat(call("GET", "/api/messages").body()).isEqualTo("[]");
    }

    @Test
    void shouldShowMailOnPageWithoutTrustingIt() throws Exception {
        send("<script>alert(1)</script>", "lead@acme.example");
        var id = messages().getFirst().id();

        var list = call("GET", "/");
        assertThat(list.body())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert");
        assertThat(list.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'");

        var reading = call("GET", "/messages/" + id).body();
        assertThat(reading)
                .contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\"")
                .contains("<a href=\"http://localhost:8081/decide/abc?x=1&amp;y=2\"");

        var mail = call("GET", "/messages/" + id + "/html");
        assertThat(mail.body()).endsWith(HTML);
        assertThat(mail.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("sandbox")
                .doesNotContain("allow-scripts");
    }

    @Test
    void shouldAnswerClearlyWhenThereIsNothing() throws Exception {
        assertThat(call("GET", "/").body()).contains("No mail yet");
        assertThat(call("GET", "/messages/1").statusCode()).isEqualTo(404);
        assertThat(call("GET", "/elsewhere").statusCode()).isEqualTo(404);
        assertThat(call("POST", "/api/messages").statusCode()).isEqualTo(405);
        assertThat(call("HEAD", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseForeignHostNames() throws Exception {
        try (var socket = new Socket("localhost", inbox.httpPort())) {
            socket.getOutputStream()
                    .write("GET /api/messages HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(answer.readLine()).contains("403");
        }
    }

    private void restart() throws IOException {
        inbox.close();
        inbox = Inbox.start(data, 0, 0);
    }

    private List<Message> messages() throws Exception {
        return new ObjectMapper().readValue(call("GET", "/api/messages").body(), new TypeReference<>() {});
    }

    private HttpResponse<String> call(String method, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://localhost:" + inbox.httpPort() + path);
            var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private void send(String subject, String... recipients) throws MessagingException {
        var properties = new Properties();
        properties.put("mail.smtp.host", "localhost");
        properties.put("mail.smtp.port", Integer.toString(inbox.smtpPort()));
        var mail = new MimeMessage(Session.getInstance(properties));
        mail.setFrom("groundwork@example");
        for (var recipient : recipients) {
            mail.addRecipient(RecipientType.TO, new InternetAddress(recipient));
        }
        mail.setSubject(subject, "UTF-8");
        var text = new MimeBodyPart();
        text.setText(TEXT, "UTF-8");
        var html = new MimeBodyPart();
        html.setContent(HTML, "text/html; charset=UTF-8");
        mail.setContent(new MimeMultipart("alternative", text, html));
        Transport.send(mail);
    }
}
