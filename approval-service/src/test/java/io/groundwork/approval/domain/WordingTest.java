package io.groundwork.approval.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Design;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordingTest {

    @Test
    void shouldSayHowManyServersAndWhatTheyMayCost() {
        assertThat(said(3, null, false)).isEqualTo("db: 3 × m1.large at ams1, debian-12");
        assertThat(said(3, 2, true))
                .isEqualTo("db: 2 to 3 × m1.large at ams1, debian-12, may wipe disks that hold data");
    }

    private static String said(int count, @Nullable Integer least, boolean dataLoss) {
        var server = new MetalServer(
                "db",
                count,
                least,
                List.of(),
                "ams1",
                "m1.large",
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                "debian-12",
                List.of(),
                null,
                null,
                dataLoss,
                null);
        return Wording.components(new StepInput.Approve(
                "dev@acme.example",
                RequestKind.DEPLOY,
                List.of("lead@acme.example"),
                1,
                Duration.ofMinutes(2),
                false,
                new Design(List.of(server), List.of(), Map.of()),
                "1230.00",
                "EUR"));
    }
}
