package io.groundwork.local;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What {@code up} says to the person who started it. */
final class Console {
    private final PrintStream out;
    private final Ansi ansi;

    Console(PrintStream out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void starting(Path data) {
        say("@|bold Groundwork|@ starts, its data is in " + data);
    }

    void stoppedOrphans(List<String> names) {
        warn("an earlier run was killed; stopped what it left running: " + String.join(", ", names));
    }

    void ready(String name, Duration after) {
        say(String.format(Locale.ROOT, "  @|green ✓|@ %-24s %5.1f s", name, after.toMillis() / 1000.0));
    }

    /** Where everything is. */
    void allReady(Ports ports, Path data, Duration after) {
        say(String.format(Locale.ROOT, "%n@|bold Ready|@ in %.1f s.%n", after.toMillis() / 1000.0));
        line("requests", ports.url("request-service"), "REST, described at /q/openapi");
        line("approvals", ports.url("approval-service"), "the pages behind the links in mails");
        line("inbox", ports.url("inbox"), "every mail that is sent");
        line("allocation", ports.url("allocation-service"), "catalogue and quotas");
        line("directory", ports.url("iam-service"), "users, groups and roles");
        line("EC2 simulator", ports.url("ec2"), "the cloud");
        line("Redfish", LocalStack.redfish(ports), "simulated servers, srv-1 to srv-20");
        line("Kafka", ports.address("kafka"), "");
        line("Postgres", ports.address("postgres"), "database, user and password: groundwork");
        say("\n  Try it:  ./groundwork demo   in another terminal");
        say("  Logs:    " + data.resolve("logs"));
        say("  Stop:    Ctrl-C\n");
    }

    void stopping() {
        say("\nStopping ...");
    }

    void stopped() {
        say("Stopped. The data is kept; the next 'up' goes on from there.");
    }

    void warn(String message) {
        say("  @|yellow !|@ " + message);
    }

    private void line(String what, String where, String note) {
        say(String.format("  %-14s @|cyan %-24s|@ %s", what, where, note).stripTrailing());
    }

    private synchronized void say(String markup) {
        out.println(ansi.string(markup));
        out.flush();
    }
}
