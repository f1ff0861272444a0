package io.groundwork.simulators.ec2;

import static io.groundwork.simulators.ec2.Clients.codeOf;
import static io.groundwork.simulators.ec2.Clients.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groundwork.simulators.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;

class FaultsTest extends SimulatorTest {

    @Test
    void shouldFailForGood() {
        simulator.faults().add(Fault.fail("RunInstances"));

        var refusal = refusalOf(() -> ec2.runInstances(launch(each -> {})));

        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterCombination");
        assertThat(refusal.isThrottlingException()).isFalse();
        assertThat(simulator.instances()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "UnauthorizedOperation, 403",
        "InternalError, 500",
        "Unavailable, 503",
        "InstanceLimitExceeded, 400",
        "Made.Up, 400"
    })
    void shouldFailWithTheStatusOfTheCode(String code, int status) {
        simulator.faults().add(Fault.fail("DescribeInstances", code));

        var refusal = refusalOf(() -> ec2.describeInstances());

        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(refusal.statusCode()).isEqualTo(status);
    }

    @Test
    void shouldThrottle() {
        simulator.faults().add(Fault.throttle("DescribeInstances"));

        var refusal = refusalOf(() -> ec2.describeInstances());

        assertThat(refusal.statusCode()).isEqualTo(503);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("RequestLimitExceeded");
        assertThat(refusal.isThrottlingException()).isTrue();
    }

    @Test
    void shouldBeOutOfCapacity() {
        simulator.faults().add(Fault.noCapacity(Fault.ANY_ACTION));

        assertThat(ec2.describeInstances().reservations()).isEmpty();
        var refusal = refusalOf(() -> ec2.runInstances(launch(each -> {})));

        assertThat(refusal.statusCode()).isEqualTo(500);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InsufficientInstanceCapacity");
        assertThatThrownBy(() -> simulator.faults().add(Fault.noCapacity("DescribeInstances")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldLoseTheResponseAfterHavingActed() {
        simulator.faults().add(Fault.loseResponse("RunInstances").times(1));
        var request = launch(each -> each.clientToken("token"));

        assertThatThrownBy(() -> ec2.runInstances(request)).isInstanceOf(SdkClientException.class);
        assertThat(simulator.instances()).hasSize(1);
        assertThat(simulator.calls().last(1)).singleElement().satisfies(call -> {
            assertThat(call.status()).isZero();
            assertThat(call.fault()).isEqualTo(Fault.Kind.LOSE_RESPONSE);
        });

        assertThat(ec2.runInstances(request).instances())
                .extracting("instanceId")
                .containsExactly(simulator.instances().get(0).id());
        assertThat(simulator.instances()).hasSize(1);
        assertThat(simulator.calls().count("RunInstances")).isEqualTo(2);
    }

    @Test
    void shouldDelayBeforeItActs() {
        var delay = Duration.ofMillis(150);
        simulator.faults().add(Fault.delay("DescribeInstances", delay).times(1));
        var start = System.nanoTime();

        ec2.describeInstances();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
    }

    @Test
    void shouldLandLateThoughTheClientHasGone() {
        simulator.faults().add(Fault.delay("RunInstances", Duration.ofMillis(400)));
        var request =
                launch(each -> each.overrideConfiguration(config -> config.apiCallTimeout(Duration.ofMillis(100))));

        assertThatThrownBy(() -> ec2.runInstances(request)).isInstanceOf(SdkClientException.class);

        assertThat(simulator.instances()).isEmpty();
        await().untilAsserted(() -> assertThat(simulator.instances()).hasSize(1));
    }

    @Test
    void shouldHitOnlyTheCallsItIsSetFor() {
        simulator.faults().add(Fault.throttle("RunInstances").after(2).times(2));
        var outcomes = new ArrayList<String>();
        for (var i = 0; i < 6; i++) {
            ec2.describeInstances();
            try {
                ec2.runInstances(launch(each -> {}));
                outcomes.add("ok");
            } catch (software.amazon.awssdk.services.ec2.model.Ec2Exception e) {
                outcomes.add(e.awsErrorDetails().errorCode());
            }
        }

        assertThat(outcomes).isEqualTo(List.of("ok", "ok", "RequestLimitExceeded", "RequestLimitExceeded", "ok", "ok"));
        assertThat(simulator.faults().list()).singleElement().satisfies(standing -> {
            assertThat(standing.passed()).isEqualTo(2);
            assertThat(standing.hits()).isEqualTo(2);
        });
    }

    @Test
    void shouldLetTheFirstFaultDecide() {
        simulator.faults().add(Fault.throttle(Fault.ANY_ACTION).times(1));
        simulator
                .faults()
                .add(Fault.fail("DescribeInstances", "UnauthorizedOperation").times(1));

        assertThat(codeOf(() -> ec2.describeInstances())).isEqualTo("RequestLimitExceeded");
        assertThat(codeOf(() -> ec2.describeInstances())).isEqualTo("UnauthorizedOperation");
        ec2.describeInstances();
        assertThat(simulator.calls().count("DescribeInstances")).isEqualTo(3);
    }

    @Test
    void shouldBehaveAgainWhenCleared() {
        simulator.faults().add(Fault.fail(Fault.ANY_ACTION));
        assertThat(codeOf(() -> ec2.describeInstances())).isEqualTo("InvalidParameterCombination");

        simulator.faults().clear();

        ec2.describeInstances();
    }
}
