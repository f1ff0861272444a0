package io.groundwork.runtime.streams;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.apache.kafka.streams.KafkaStreams;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that state is restored and inputs are read, not that HTTP answers. */
@Readiness
@ApplicationScoped
public class StreamsReady implements HealthCheck {

    private final Instance<KafkaStreams> streams;
    private final CommandGateway gateway;

    @Inject
    public StreamsReady(Instance<KafkaStreams> streams, CommandGateway gateway) {
        this.streams = streams;
        this.gateway = gateway;
    }

    @Override
    public HealthCheckResponse call() {
        var state = streams.isResolvable() ? streams.get().state() : KafkaStreams.State.CREATED;
        return HealthCheckResponse.named("streams")
                .withData("state", state.name())
                .status(state == KafkaStreams.State.RUNNING && gateway.ready())
                .build();
    }
}
