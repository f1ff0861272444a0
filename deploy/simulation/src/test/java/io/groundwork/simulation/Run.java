package io.groundwork.simulation;

import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.PoolAnswer;
import io.groundwork.allocation.domain.PoolCommand;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Fact;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.MailRequested;
import io.groundwork.events.Message;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationFailed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.saga.Saga;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One seed lived through from the first request to rest, and checked. */
final class Run {

    private static final int PARTITIONS = 2;

    /** So much of a message says what kind of thing broke. */
    private static final int KIND = 40;

    /** Machines that nothing may follow of when all that they read is read again. */
    private static final List<String> READ_AGAIN =
            List.of("request", "approval", "allocation", "cloud", "baremetal", "iam", "notification", "pools");

    /** What is true, or asked, only at its moment: what a server is, and whether books match. */
    private static final Set<String> OF_ITS_MOMENT = Set.of(
            PoolCommand.Noted.TYPE,
            PoolCommand.Gone.TYPE,
            PoolCommand.Audit.TYPE,
            PoolCommand.Asserted.TYPE,
            AllocationParticipant.AUDIT);

    /**
     * What came of it.
     *
     * @param covered which events of whom were seen, and in which state they found their step
     */
    record Result(int moves, Duration time, Map<String, Integer> ends, Set<String> covered) {}

    private final Trace trace;
    private final Simulation simulation;
    private final Groundwork groundwork;
    private final People people;
    private final MetalPeople metalPeople;

    private Run(long seed, Faults faults, Mutation mutation, boolean traced) {
        trace = new Trace(traced);
        simulation = new Simulation(seed, PARTITIONS, faults, trace);
        groundwork = new Groundwork(simulation, landscape(simulation.chance(), mutation.servers()), mutation);
        people = new People(groundwork);
        metalPeople = new MetalPeople(groundwork);
    }

    /** One seed in three has servers; the others run as an installation without them. */
    private static Landscape landscape(Chance chance, boolean servers) {
        return chance.oneIn(3) || servers ? Landscape.of(chance) : Landscape.bare();
    }

    /** One seed in eight sees no fault at all, the others more or less of each. */
    private static Faults faults(long seed, boolean torn) {
        var chance = new Chance(~seed);
        if (chance.oneIn(8)) {
            return Faults.NONE;
        }
        // what takes long is rare: where half of all works hang for half an hour, nothing comes to an end
        var freeze = chance.any(List.of(5, 20, 50));
        var thaw = switch (freeze) {
            case 5 -> Duration.ofMinutes(30);
            case 20 -> Duration.ofMinutes(2);
            default -> Duration.ofSeconds(20);
        };
        return new Faults(
                chance.any(List.of(0, 200, 40)),
                chance.any(List.of(0, 300, 60)),
                Duration.ofSeconds(20),
                freeze,
                thaw,
                chance.any(List.of(0, 30)),
                chance.any(List.of(1, 10, 30)),
                chance.any(List.of(Duration.ofSeconds(20), Duration.ofMinutes(5))),
                torn);
    }

    /**
     * In the thread that calls: a virtual one, or to hand control to a worker's is dear.
     *
     * @throws AssertionError naming the seed, what is broken, and what led to it
     */
    static Result of(long seed, Supplier<Mutation> mutation) {
        try {
            return once(seed, mutation, false).live();
        } catch (AssertionError | RuntimeException broken) {
            throw told(seed, mutation, broken);
        }
    }

    /** The same seed again, with everything that happened. */
    static List<String> trace(long seed, Supplier<Mutation> mutation) {
        var run = once(seed, mutation, true);
        run.broken();
        return run.trace.lines();
    }

    private static Run once(long seed, Supplier<Mutation> mutation, boolean traced) {
        var made = mutation.get();
        return new Run(seed, faults(seed, made.torn()), made, traced);
    }

    private static AssertionError told(long seed, Supplier<Mutation> mutation, Throwable broken) {
        var faults = fewest(seed, mutation, kind(broken));
        var again = new Run(seed, faults, mutation.get(), true);
        var known = again.broken();
        var about = known instanceof Checker.Broken it ? it.about : "";
        var lines = again.trace.lines();
        var resource = lines.stream()
                .filter(line -> line.contains("submit-request") && line.contains(about))
                .map(line -> line.replaceAll("^[^\\[]*\\[([^]]*)].*$", "$1"))
                .findFirst()
                .orElse(about);
        var timeline = lines.stream()
                .filter(line -> line.contains(resource) || line.contains(about))
                .filter(line -> !line.contains(" reads "))
                .toList();
        var last = timeline.subList(Math.max(0, timeline.size() - 120), timeline.size());
        return new AssertionError(
                "seed " + seed + ", request or resource " + (broken instanceof Checker.Broken it ? it.about : "") + ": "
                        + broken.getMessage() + "\nRun it again with -Dsimulation.seed=" + seed
                        + "\nThe same kind of thing breaks under no more than " + faults + ", there of " + about
                        + ":\n" + String.join("\n", last),
                broken);
    }

    /** The faults of a seed without the kinds that it does not take to break in the same way. */
    private static Faults fewest(long seed, Supplier<Mutation> mutation, String kind) {
        var left = faults(seed, mutation.get().torn());
        for (var number = 0; number < left.withoutOne().size(); number++) {
            var fewer = left.withoutOne().get(number);
            if (!fewer.equals(left) && kind.equals(kind(new Run(seed, fewer, mutation.get(), false).broken()))) {
                left = fewer;
            }
        }
        return left;
    }

    /** What broke, whatever it is called and whenever it was. */
    private static String kind(@Nullable Throwable broken) {
        var text = broken == null
                ? ""
                : String.valueOf(broken.getMessage())
                        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "")
                        .replaceAll("[^ ]*\\d[^ ]*", "");
        return text.substring(0, Math.min(KIND, text.length()));
    }

    /** Lives through it; what broke, null if nothing did. */
    private @Nullable Throwable broken() {
        try {
            live();
            return null;
        } catch (AssertionError | RuntimeException broken) {
            trace.lines().add(broken.toString());
            return broken;
        }
    }

    private Result live() {
        var begin = simulation.now();
        metalPeople.begin();
        people.begin();
        simulation.untilRest();
        metalPeople.lastLook();
        simulation.untilRest();
        if (!simulation.unread().isEmpty()) {
            throw new AssertionError("at rest, and not everything is read: " + simulation.unread());
        }
        groundwork.checker.rest(people.silent(), groundwork.pools(), simulation.stores("pools"));
        people.plain().forEach(this::cameOutAsAsked);
        delivered();
        replay();
        return new Result(
                simulation.moves(),
                Duration.between(begin, simulation.now()),
                groundwork.checker.ends(),
                groundwork.checker.covered());
    }

    /** Faults change nothing but time: what can be made and is not stopped by anybody is made, unless it was tried often enough. */
    private void cameOutAsAsked(RequestId request) {
        var end = groundwork.checker.end(request.toString());
        if (groundwork.checker.outOfTries(request.toString())) {
            return;
        }
        if (end != null && end.outcome() != Outcome.COMPLETED && end.category() != FailureCategory.CONFLICT) {
            throw new Checker.Broken(request.toString(), "nothing stood in its way, and it ended " + end);
        }
    }

    private static String notification(Fact fact, String channel, String about, String to) {
        return fact.request() + "/" + channel + "/" + about + "/" + to;
    }

    /** Every mail that was asked for arrived or was given up, and either was said exactly once. */
    private void delivered() {
        var said = new TreeMap<String, Integer>();
        for (var entry : simulation.log().all(Topics.events(Owner.NOTIFICATION))) {
            var fact = EventCodec.fact(entry.message());
            switch (EventCodec.read(entry.message(), fact).orElseThrow().event()) {
                case NotificationSent sent ->
                    said.merge(notification(fact, sent.channel(), sent.about(), sent.to()), 1, Integer::sum);
                case NotificationFailed failed ->
                    said.merge(notification(fact, failed.channel(), failed.about(), failed.to()), 1, Integer::sum);
                case NotificationDelayed delayed -> {
                    var what = notification(fact, delayed.channel(), delayed.about(), delayed.to());
                    if (said.containsKey(what)) {
                        throw new Checker.Broken(fact.request().toString(), "delayed after its end: " + what);
                    }
                }
                default -> throw new AssertionError("no notification: " + entry);
            }
        }
        said.forEach((what, times) -> {
            if (times != 1) {
                throw new Checker.Broken(what.substring(0, 36), "said " + times + " times: " + what);
            }
        });
        for (var entry : simulation.log().all(Topics.MAILS)) {
            var mail = entry.message().read(MailRequested.class);
            if (!said.containsKey(mail.request() + "/mail/" + mail.template() + "/" + mail.to())) {
                throw new Checker.Broken(mail.request().toString(), "a mail was lost: " + mail.to());
            }
        }
    }

    /** Everything is read once more: nothing is said, ordered, mailed or claimed again. */
    private void replay() {
        var before = groundwork.pools();
        for (var name : READ_AGAIN) {
            var machine = groundwork.machines.get(name);
            if (machine == null) {
                continue;
            }
            var tasks = simulation.stores(name);
            var topics = new ArrayList<>(machine.inputs());
            for (var partition = 0; partition < tasks.size(); partition++) {
                for (var topic : topics) {
                    for (var entry : List.copyOf(simulation.log().partition(topic, partition))) {
                        if (isOfItsMoment(entry.message())) {
                            continue;
                        }
                        var said = machine.handle(
                                new Input.Received(entry.message()),
                                new Moment(simulation.now(), simulation.chance().generator()),
                                tasks.get(partition));
                        said.stream().filter(Run::isEffect).findFirst().ifPresent(again -> {
                            throw new Checker.Broken(
                                    entry.message().key(),
                                    name + " reads " + Trace.text(entry.message()) + " again and says "
                                            + Trace.text(again));
                        });
                    }
                }
            }
        }
        if (!before.equals(groundwork.pools())) {
            throw new AssertionError(
                    "pools change when their claims are read again: " + before + " to " + groundwork.pools());
        }
        refold();
    }

    private static boolean isOfItsMoment(Message message) {
        var type = String.valueOf(message.header("ce_type"));
        return OF_ITS_MOMENT.contains(type)
                || (type.equals(PoolAnswer.TYPE)
                        && message.read(PoolAnswer.class).verdict() == PoolAnswer.Verdict.QUESTIONED);
    }

    private static boolean isEffect(Message message) {
        // what is handed on to a server is judged there
        return !(message.topic().equals(Topics.SERVERS) && OperationOutcome.TYPE.equals(message.header("ce_type")))
                && Stream.of(Owner.values())
                        .noneMatch(owner -> message.topic().equals(Topics.replies(owner))
                                || message.topic().equals(Topics.outcomes(owner)));
    }

    /** Whoever reads all event topics anew, in any order of the topics, knows the same of every resource. */
    private void refold() {
        var one = fold(List.of(Owner.values()));
        var other = fold(List.of(Owner.values()).reversed());
        if (!one.equals(other)) {
            throw new AssertionError("a fold in another order of the topics differs: " + one + " and " + other);
        }
    }

    private Map<String, Saga> fold(List<Owner> order) {
        var sagas = new TreeMap<String, Saga>();
        for (var owner : order) {
            for (var entry : simulation.log().all(Topics.events(owner))) {
                var fact = EventCodec.fact(entry.message());
                var event = EventCodec.read(entry.message(), fact).orElseThrow().event();
                sagas.merge(
                        fact.resource().toString(),
                        Saga.NONE.apply(fact, event).settle(Owner.NOTIFICATION),
                        (known, first) -> known.apply(fact, event).settle(Owner.NOTIFICATION));
            }
        }
        return sagas;
    }
}
