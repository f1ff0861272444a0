package io.groundwork.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.cloud.driver.Ec2Checkpoint;
import io.groundwork.cloud.driver.Ec2Driver;
import io.groundwork.cloud.driver.Ec2Patience;
import io.groundwork.cloud.driver.SdkAccounts;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.runtime.Pace;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.streams.Records;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jspecify.annotations.Nullable;

/** Does what stands in the queues {@code ec2-<region>}, each work on a virtual thread of its own, at the pace of its profile. */
@ApplicationScoped
public class Ec2Worker {

    private final CloudConfig config;
    private final Worker<Ec2Spec, Ec2Checkpoint> worker;
    private final Map<String, Pace> paces = new ConcurrentHashMap<>();

    @Inject
    public Ec2Worker(CloudConfig config, SdkAccounts accounts) {
        this.config = config;
        var patience = new Ec2Patience(
                config.consistencyWindow(), config.notFoundPatience(), config.firstPoll(), config.longestPoll());
        var clock = InstantSource.system();
        this.worker = new Worker<>(Owner.CLOUD, new Ec2Driver(accounts, clock, patience), name(), clock);
    }

    /** One work in, its result (or a dead letter) out; the work is acknowledged only when that stands. */
    @Incoming("work")
    @Outgoing("results")
    @RunOnVirtualThread
    public ProducerRecord<String, byte[]> work(ConsumerRecord<String, byte[]> record) {
        var pace = paces.computeIfAbsent(
                record.topic() + '|' + profile(record.value()),
                any -> new Pace(config.concurrency(), config.worksPerSecond()));
        return Records.record(pace.paced(() -> worker.work(Records.message(record))));
    }

    private static String profile(byte @Nullable [] work) {
        try {
            return Json.read(work == null ? new byte[0] : work, JsonNode.class)
                    .at("/order/specification/placement/profile")
                    .asText();
        } catch (UncheckedIOException unreadable) {
            // the worker makes a dead letter of it
            return "";
        }
    }

    private static String name() {
        var host = System.getenv("HOSTNAME");
        return Owner.CLOUD.service() + "@" + (host == null ? "localhost" : host) + ":"
                + ProcessHandle.current().pid();
    }
}
