package io.groundwork.baremetal;

import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.baremetal.driver.BmcCheckpoint;
import io.groundwork.baremetal.driver.BmcPatience;
import io.groundwork.baremetal.driver.Bmcs;
import io.groundwork.baremetal.driver.BootUrls;
import io.groundwork.baremetal.driver.Boots;
import io.groundwork.baremetal.driver.NetworkSwitch;
import io.groundwork.baremetal.driver.RedfishDriver;
import io.groundwork.baremetal.driver.RedfishDriver.Surroundings;
import io.groundwork.baremetal.driver.SimulatedSwitch;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Pace;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.streams.Tables;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Does what stands in the queues {@code site-<name>}, each work on a virtual thread of its own, at the pace of its site. */
@ApplicationScoped
public class SiteWorker {

    private final BaremetalConfig config;
    private final Worker<ServerTask, BmcCheckpoint> worker;
    private final Map<String, Pace> paces = new ConcurrentHashMap<>();

    @Inject
    public SiteWorker(BaremetalConfig config, Bmcs bmcs, Boots boots, BootUrls urls, Tables tables) {
        this.config = config;
        var callTime = config.callTime();
        var switches = new ConcurrentHashMap<String, NetworkSwitch>();
        config.sites()
                .forEach((name, site) -> site.switchUrl()
                        .ifPresent(url -> switches.put(
                                name,
                                new SimulatedSwitch(
                                        bmcs.http(config.seedsFingerprint().orElse(null)), url, callTime))));
        var clock = InstantSource.system();
        var around = new Surroundings(
                clock,
                new BmcPatience(config.softPowerOff(), config.bootTime(), config.firstPoll(), config.longestPoll()),
                boots,
                urls,
                site -> switches.getOrDefault(site, NetworkSwitch.NONE),
                site -> Optional.ofNullable(config.sites().get(site)).flatMap(BaremetalConfig.Site::cleaningImage),
                type -> tables.get(Topics.CATALOGUE, "server-types/" + type, ServerType.class));
        this.worker = new Worker<>(Owner.BAREMETAL, new RedfishDriver(bmcs, around), name(), clock);
    }

    /** One work in, its result (or a dead letter) out; the work is acknowledged only when that stands. */
    @Incoming("work")
    @Outgoing("results")
    @RunOnVirtualThread
    public ProducerRecord<String, byte[]> work(ConsumerRecord<String, byte[]> record) {
        var pace =
                paces.computeIfAbsent(record.topic(), any -> new Pace(config.concurrency(), config.worksPerSecond()));
        return Records.record(pace.paced(() -> worker.work(Records.message(record))));
    }

    private static String name() {
        var host = System.getenv("HOSTNAME");
        return Owner.BAREMETAL.service() + "@" + (host == null ? "localhost" : host) + ":"
                + ProcessHandle.current().pid();
    }
}
