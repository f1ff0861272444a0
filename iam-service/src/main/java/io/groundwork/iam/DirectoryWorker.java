package io.groundwork.iam;

import io.groundwork.events.Directory;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.iam.domain.DirectoryKinds;
import io.groundwork.iam.domain.GrantSpecification;
import io.groundwork.iam.driver.DirectoryDriver;
import io.groundwork.iam.driver.Grants;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.streams.Tables;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Does what stands in the queue {@code directory}. */
@ApplicationScoped
public class DirectoryWorker {

    private final Worker<GrantSpecification, Void> worker;

    @Inject
    public DirectoryWorker(Grants grants, Tables tables) {
        var driver = new DirectoryDriver(
                grants, name -> tables.get(Topics.DIRECTORY, DirectoryKinds.GROUPS.key(name), Directory.Group.class));
        worker = new Worker<>(Owner.IAM, driver, name(), InstantSource.system());
    }

    /** One work in, its result (or a dead letter) out; the work is acknowledged only when that stands. */
    @Incoming("work")
    @Outgoing("results")
    @RunOnVirtualThread
    public ProducerRecord<String, byte[]> work(ConsumerRecord<String, byte[]> record) {
        return Records.record(worker.work(Records.message(record)));
    }

    private static String name() {
        var host = System.getenv("HOSTNAME");
        return Owner.IAM.service() + "@" + (host == null ? "localhost" : host) + ":"
                + ProcessHandle.current().pid();
    }
}
