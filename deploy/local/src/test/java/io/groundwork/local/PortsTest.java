package io.groundwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void shouldMoveAllByOffsetAndOneByName() {
        var ports = Ports.of(100, Map.of("kafka", 19092));

        assertThat(ports.of("request-service")).isEqualTo(8180);
        assertThat(ports.url("inbox")).isEqualTo("http://localhost:8125");
        assertThat(ports.address("kafka")).isEqualTo("localhost:19092");
    }

    @Test
    void shouldTakeFreePortForZero() {
        assertThat(Ports.of(0, Map.of("ec2", 0)).of("ec2")).isPositive();
    }

    @Test
    void shouldRefuseUnknownNameSharedPortAndPortOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ports.of(0, Map.of("kafak", 1)))
                .withMessageContaining("kafak")
                .withMessageContaining("request-service, approval-service");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ports.of(0, Map.of("ec2", 8080)))
                .withMessage("request-service and ec2 cannot both have port 8080");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ports.of(60_000, Map.of()))
                .withMessageContaining("not between 1 and 65535");
    }

    @Test
    void shouldNameEveryPortInUseAndHowToMoveIt() throws CannotStartException {
        var ports = Ports.of(0, Map.of());

        ports.checkFree(port -> true);
        assertThatThrownBy(() -> ports.checkFree(port -> port != 8081))
                .isInstanceOf(CannotStartException.class)
                .hasMessage("port 8081 (approval-service) is in use;"
                        + " move one with --port approval-service=N, or all with --offset N");
        assertThatThrownBy(() -> ports.checkFree(port -> !Set.of(8080, 1025).contains(port)))
                .hasMessage("ports 8080 (request-service), 1025 (smtp) are in use;"
                        + " move one with --port request-service=N, or all with --offset N");
    }
}
