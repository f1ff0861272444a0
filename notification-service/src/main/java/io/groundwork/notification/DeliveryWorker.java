package io.groundwork.notification;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Seal;
import io.groundwork.events.Topics;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.notification.driver.DeliveryDriver;
import io.groundwork.notification.driver.Letters;
import io.groundwork.notification.driver.MailDriver;
import io.groundwork.notification.driver.WebhookDriver;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.streams.QueueTopics;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

/** Does what stands in the queues {@code mail} and {@code webhook}, each work on a virtual thread of its own. */
@ApplicationScoped
public class DeliveryWorker {

    private static final Logger LOG = Logger.getLogger(DeliveryWorker.class);

    private final Worker<Delivery, Void> worker;
    private final QueueTopics queues;

    public DeliveryWorker(NotificationConfig config, QueueTopics queues) {
        var smtp = config.smtp();
        var settings = new MailDriver.Settings(
                smtp.host(),
                smtp.port(),
                smtp.user().orElse(null),
                smtp.password().orElse(null),
                smtp.startTls(),
                config.from());
        var mails = new MailDriver(settings, new Letters(), box -> Seal.open(box, config.sealKey()));
        var driver = new DeliveryDriver(mails, new WebhookDriver());
        this.worker = new Worker<>(Owner.NOTIFICATION, driver, name(), InstantSource.system());
        this.queues = queues;
    }

    /** Both queues stand before they are read, so that the first mail waits for nothing. */
    void start(@Observes @Priority(10) StartupEvent start) {
        for (var queue : List.of("mail", "webhook")) {
            try {
                queues.ensure(Topics.work(Owner.NOTIFICATION, queue));
            } catch (IllegalStateException unreachable) {
                LOG.warnf("%s; it is made when it is first needed", unreachable.getMessage());
            }
        }
    }

    /** One work in, its result (or a dead letter) out; the work is acknowledged only when that stands. */
    @Incoming("work")
    @Outgoing("results")
    @RunOnVirtualThread
    public ProducerRecord<String, byte[]> work(ConsumerRecord<String, byte[]> record) {
        var headers = new TreeMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        var result = worker.work(new Message(record.topic(), String.valueOf(record.key()), headers, record.value()));
        var outgoing = new ProducerRecord<String, byte[]>(result.topic(), result.key(), result.value());
        result.headers().forEach((key, value) -> outgoing.headers().add(key, value.getBytes(UTF_8)));
        return outgoing;
    }

    private static String name() {
        var host = System.getenv("HOSTNAME");
        return Owner.NOTIFICATION.service() + "@" + (host == null ? "localhost" : host) + ":"
                + ProcessHandle.current().pid();
    }
}
