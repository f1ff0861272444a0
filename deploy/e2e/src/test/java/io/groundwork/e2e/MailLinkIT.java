package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The link in the mail shows, and decides only when its form is sent. */
@Order(6)
class MailLinkIT extends StackTest {

    @Test
    void shouldDecideNothingHoweverOftenAScannerFetchesIt() {
        var id = client.submit(Ask.deploy(Ask.newResource("scanned")).machines(1));
        var link = approver.link(id);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 100; i++) {
                threads.execute(() -> Http.get(link));
                threads.execute(() -> Http.head(link));
            }
        }
        Http.get(link).expect(200);
        Http.head(link).expect(200);
        assertThat(client.get(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        assertThat(topic("approval.events.v1").about(id))
                .allSatisfy(entry -> assertThat(entry.attribute("type")).contains("approval-requested"));
    }

    @Test
    void shouldTellWhatIsMissingAndChangeNothing() {
        var id = client.submit(Ask.deploy(Ask.newResource("missing")).machines(1));
        var link = approver.link(id);

        for (var field : new String[] {"reason", "region", "profile"}) {
            approver.decide(link, without(field)).expect(422);
        }
        approver.decide(link, Map.of("decision", "reject")).expect(422);
        assertThat(client.get(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        approver.decide(link, Approver.approval()).expect(200);
    }

    @Test
    void shouldRefuseAForgedToken() {
        var id = client.submit(Ask.deploy(Ask.newResource("forged")).machines(1));
        var link = approver.link(id);
        var form = Approver.hidden(Http.get(link).expect(200).body());
        form.putAll(Approver.approval());

        var at = link.lastIndexOf('/') + 20;
        for (var forged : new String[] {
            link.substring(0, at) + (link.charAt(at) == 'A' ? 'B' : 'A') + link.substring(at + 1),
            link.substring(0, link.length() - 1),
            link.substring(0, link.lastIndexOf('/') + 1) + "AAAA"
        }) {
            Http.postForm(forged, form).expect(403);
            assertThat(Http.get(forged).status()).isEqualTo(403);
        }
        assertThat(client.get(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
    }

    @Test
    void shouldTellOfTheDecisionThatWasTaken() {
        var id = client.submit(Ask.deploy(Ask.newResource("decided")).machines(1));
        var link = approver.link(id);
        var form = Approver.hidden(Http.get(link).expect(200).body());
        form.putAll(Approver.rejection());
        Http.postForm(link, form).expect(200);

        var again = Http.postForm(link, form).expect(409);
        assertThat(again.body()).contains(Ask.APPROVER);
        assertThat(Http.get(link).expect(200).body()).contains(Ask.APPROVER);
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("REJECTED");
    }

    @Test
    void shouldBeGoneAfterTheDeadline() {
        var ask = Ask.deploy(Ask.newResource("expired")).machines(1).with("approvalTimeout", "PT5S");
        var id = client.submit(ask);
        var link = approver.link(id);
        var form = Approver.hidden(Http.get(link).body());
        form.putAll(Approver.approval());
        client.awaits(id, "EXPIRED");

        Http.postForm(link, form).expect(410);
        assertThat(client.get(id).path("state").asText()).isEqualTo("EXPIRED");
    }

    @Test
    void shouldBeGoneAfterACancel() {
        var id = client.submit(Ask.deploy(Ask.newResource("withdrawn")).machines(1));
        var link = approver.link(id);
        var form = Approver.hidden(Http.get(link).expect(200).body());
        form.putAll(Approver.approval());
        client.cancel(id).expect(202);
        client.awaits(id, "CANCELED");

        Http.postForm(link, form).expect(410);
        assertThat(client.get(id).path("state").asText()).isEqualTo("CANCELED");
    }

    private static Map<String, String> without(String field) {
        var fields = new HashMap<>(Approver.approval());
        fields.remove(field);
        return fields;
    }
}
