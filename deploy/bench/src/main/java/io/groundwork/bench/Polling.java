package io.groundwork.bench;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Machines that EC2 is slow to start, so that they are looked at again and again: what a look costs, all processes together. */
final class Polling {

    private static final int WIDTH = 64;
    /** How often a machine is looked at before its looks are the longest pause apart. */
    private static final int LOOKS_TO_STEADY = 8;

    private final Target target;

    Polling(Target target) {
        this.target = target;
    }

    /**
     * What was used over a while.
     *
     * @param looks calls of DescribeInstances
     * @param cpuSeconds by process
     */
    record Used(double seconds, long looks, Map<String, Double> cpuSeconds) {

        /** CPU milliseconds for one look, by process, beyond what {@code idle} used in the same time. */
        Map<String, Double> perLook(Used idle) {
            var each = new TreeMap<String, Double>();
            cpuSeconds.forEach((name, used) -> each.put(
                    name, (used - idle.cpuSeconds.getOrDefault(name, 0.0) * seconds / idle.seconds) * 1000 / looks));
            return each;
        }
    }

    /** Gets so many approved whose machines do not start, and returns when each was looked at for some time. */
    void begin(int machines) throws IOException, InterruptedException {
        Target.expect(200, target.send("POST", target.at("ec2") + "/_groundwork/settings", """
                        {"launchDelay": "PT1H"}""", ""));
        var before = looks();
        try (var load = new Load(target)) {
            AtOnce.make(machines, WIDTH, number -> {
                try {
                    var unused = load.approved(Load.name(), "");
                } catch (IOException | ExecutionException | TimeoutException wrong) {
                    load.faults.add(wrong.toString());
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            if (!load.faults.isEmpty()) {
                throw new IOException(load.faults.size() + " were not approved, the first: " + load.faults.peek());
            }
        }
        while (looks() - before < (long) LOOKS_TO_STEADY * machines) {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    Used over(int seconds) throws IOException, InterruptedException {
        var processes = new Processes(target.now().pids());
        var began = System.nanoTime();
        var looks = looks();
        var before = processes.cpu();
        TimeUnit.SECONDS.sleep(seconds);
        var used = processes.cpu();
        used.replaceAll((name, now) -> now - before.getOrDefault(name, 0.0));
        return new Used((System.nanoTime() - began) / 1e9, looks() - looks, used);
    }

    private long looks() throws IOException, InterruptedException {
        return Target.expect(200, target.send("GET", target.at("ec2") + "/_groundwork/calls?last=0", "", ""))
                .at("/counts/DescribeInstances")
                .asLong();
    }
}
