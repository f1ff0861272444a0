package io.groundwork.simulators.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.simulators.Fault;
import io.groundwork.simulators.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The {@code aws} command line as it is installed, unchanged: a client that is not the one which the other tests use. */
@EnabledIf("io.groundwork.simulators.Commands#hasAws")
class AwsCommandLineTest extends SimulatorTest {
    private record Result(int status, String output, String errors) {
        JsonNode json() throws Exception {
            assertThat(status).as(errors).isZero();
            return Json.MAPPER.readTree(output);
        }
    }

    @Test
    void shouldServeTheCommandLine() throws Exception {
        var image = aws("ec2 describe-images --filters Name=name,Values=debian-12")
                .json()
                .at("/Images/0/ImageId")
                .textValue();
        var launch = "ec2 run-instances --count 2 --instance-type t3.small --client-token t-1 --image-id " + image
                + " --user-data #cloud-config"
                + " --tag-specifications ResourceType=instance,Tags=[{Key=groundwork:resource,Value=acme/web}]";
        var reservation = aws(launch).json();
        var ids = reservation.get("Instances").findValuesAsText("InstanceId");

        assertThat(ids).hasSize(2);
        assertThat(aws(launch).json().get("ReservationId")).isEqualTo(reservation.get("ReservationId"));
        assertThat(aws(launch.replace("t3.small", "t3.large")).errors)
                .contains("(IdempotentParameterMismatch) when calling the RunInstances operation");
        clock.advance(LAUNCH);
        assertThat(aws("ec2 wait instance-running --instance-ids " + String.join(" ", ids)).status)
                .isZero();
        assertThat(aws("ec2 describe-instances --filters Name=tag:groundwork:resource,Values=acme/*")
                        .json()
                        .at("/Reservations/0/Instances"))
                .hasSize(2);
        assertThat(aws("ec2 terminate-instances --instance-ids " + String.join(" ", ids))
                        .json()
                        .at("/TerminatingInstances/0/CurrentState/Name")
                        .textValue())
                .isEqualTo("shutting-down");
        assertThat(aws("sts get-caller-identity").json().get("Account").textValue())
                .isEqualTo("123456789012");
    }

    /** The retries are the command line's own. */
    @Test
    void shouldOutlastThrottlingAndLostResponses() throws Exception {
        simulator.faults().add(Fault.throttle("RunInstances").times(1));
        simulator.faults().add(Fault.loseResponse("RunInstances").times(1));

        var reservation = aws("ec2 run-instances --image-id " + imageId()).json();

        assertThat(simulator.calls().count("RunInstances")).isEqualTo(3);
        assertThat(simulator.instances())
                .extracting("id")
                .containsExactly(reservation.at("/Instances/0/InstanceId").textValue());
    }

    private Result aws(String arguments) throws Exception {
        var command = new ArrayList<>(List.of("aws"));
        command.addAll(List.of(arguments.split(" ")));
        var builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL", simulator.baseUrl().toString(),
                        "AWS_ACCESS_KEY_ID", Clients.CREDENTIALS.accessKeyId(),
                        "AWS_SECRET_ACCESS_KEY", Clients.CREDENTIALS.secretAccessKey(),
                        "AWS_DEFAULT_REGION", "eu-central-1",
                        "AWS_CONFIG_FILE", "/dev/null",
                        "AWS_SHARED_CREDENTIALS_FILE", "/dev/null",
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "AWS_PAGER", "",
                        "AWS_DEFAULT_OUTPUT", "json"));
        var process = builder.start();
        var output = process.inputReader().lines().toList();
        var errors = process.errorReader().lines().toList();
        return new Result(process.waitFor(), String.join("\n", output), String.join("\n", errors));
    }
}
