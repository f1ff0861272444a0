package io.groundwork.notification;

import io.groundwork.events.Owner;
import io.groundwork.events.Seal;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.notification.driver.DeliveryDriver;
import io.groundwork.notification.driver.Letters;
import io.groundwork.notification.driver.MailDriver;
import io.groundwork.notification.driver.WebhookDriver;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.streams.Records;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Does what stands in the queues {@code mail} and {@code webhook}, each work on a virtual thread of its own. */
@ApplicationScoped
public class DeliveryWorker {

    private final Worker<Delivery, Void> worker;

    public DeliveryWorker(NotificationConfig config) {
        var smtp = config.smtp();
        var settings = new MailDriver.Settings(
                smtp.host(),
                smtp.port(),
                smtp.user().orElse(null),
                smtp.password().orElse(null),
                smtp.startTls(),
                config.from());
        UnaryOperator<String> open = box -> Seal.open(box, config.sealKey());
        var driver = new DeliveryDriver(new MailDriver(settings, new Letters(), open), new WebhookDriver(open));
        this.worker = new Worker<>(Owner.NOTIFICATION, driver, name(), InstantSource.system());
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
        return Owner.NOTIFICATION.service() + "@" + (host == null ? "localhost" : host) + ":"
                + ProcessHandle.current().pid();
    }
}
