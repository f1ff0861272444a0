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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One seed lived through from the first request to rest, and checked. */
final class Run {

    private static final int PARTITIONS = 2;

    /** How often a seed that failed is run again to find what people do that it does not take: some seconds. */
    private static final int MOST_RUNS = 300;

    /** In how many orders of everything less of it is tried. */
    private static final int SHAKES = 3;

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
    private final Asks asks;
    private final People people;
    private final MetalPeople metalPeople;
    private final int shake;

    /**
     * @param kept what people do, as {@link Asks} name it; null for all
     * @param shake how often the order of everything is changed before people begin, to look for the same with less
     */
    private Run(long seed, Faults faults, @Nullable Set<String> kept, int shake, Mutation mutation, boolean traced) {
        trace = new Trace(traced);
        simulation = new Simulation(seed, PARTITIONS, faults, trace);
        groundwork = new Groundwork(simulation, landscape(simulation.chance(), mutation.servers()), mutation);
        asks = new Asks(simulation, kept);
        people = new People(groundwork, asks);
        metalPeople = new MetalPeople(groundwork, asks);
        this.shake = shake;
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
     * @throws AssertionError if anything is broken, as also {@link RuntimeException}
     */
    static Result of(long seed, Supplier<Mutation> mutation) {
        return once(seed, mutation, false).live();
    }

    /** The same seed again, with everything that happened. */
    static List<String> trace(long seed, Supplier<Mutation> mutation) {
        var run = once(seed, mutation, true);
        run.broken();
        return run.trace.lines();
    }

    private static Run once(long seed, Supplier<Mutation> mutation, boolean traced) {
        var made = mutation.get();
        return new Run(seed, faults(seed, made.torn()), null, 0, made, traced);
    }

    /** Names the seed, what is broken, and what led to it in a run that is as small as it can be made. */
    static AssertionError told(long seed, Supplier<Mutation> mutation, Throwable broken) {
        var least = least(seed, mutation, broken);
        return new AssertionError(
                "seed " + seed + ", request or resource " + (broken instanceof Checker.Broken it ? it.about : "") + ": "
                        + broken.getMessage() + "\nRun it again with -Dsimulation.seed=" + seed
                        + "\nThe same kind of thing breaks under no more than " + least.faults() + "\nwhen people do "
                        + least.asks().size() + " of " + least.all() + " things:\n  "
                        + String.join("\n  ", least.lines()) + "\nthere of " + least.about() + ":\n"
                        + String.join("\n", least.timeline()),
                broken);
    }

    /**
     * As little as it takes for a seed to break in the same way.
     *
     * @param asks what people do
     * @param all how much they do in the whole run
     * @param lines what they do, with the time
     * @param about the request, the resource or the server
     * @param timeline what happened to it
     */
    record Least(
            Faults faults,
            List<String> asks,
            int all,
            List<String> lines,
            Throwable broken,
            String about,
            List<String> timeline) {}

    static Least least(long seed, Supplier<Mutation> mutation, Throwable broken) {
        var kind = kind(broken);
        var faults = fewest(seed, mutation, kind);
        var whole = new Run(seed, faults, null, 0, mutation.get(), false);
        whole.broken();
        var all = whole.asks.made();
        var runs = new AtomicInteger();
        var shaken = new AtomicInteger();
        // what is left out changes the order of everything, and in some orders nothing breaks
        Predicate<List<String>> breaks = some -> {
            for (var shake = 0; shake < SHAKES && runs.getAndIncrement() < MOST_RUNS; shake++) {
                var run = new Run(seed, faults, Set.copyOf(some), shake, mutation.get(), false);
                if (kind.equals(kind(run.broken()))) {
                    shaken.set(shake);
                    return true;
                }
            }
            return false;
        };
        var subjects =
                Fewest.of(all.stream().map(Asks::subject).distinct().toList(), some -> breaks.test(about(some, all)));
        var kept = Fewest.of(about(subjects, all), breaks);
        var again = new Run(seed, faults, Set.copyOf(kept), shaken.get(), mutation.get(), true);
        var known = again.broken();
        if (known == null) {
            throw new IllegalStateException("seed " + seed + " does not break twice in the same way", broken);
        }
        var about = known instanceof Checker.Broken it ? it.about : "";
        return new Least(
                faults, kept, all.size(), again.asks.lines(), known, about, timeline(again.trace.lines(), about));
    }

    private static List<String> about(List<String> subjects, List<String> asks) {
        return asks.stream().filter(ask -> subjects.contains(Asks.subject(ask))).toList();
    }

    private static List<String> timeline(List<String> lines, String about) {
        var resource = lines.stream()
                .filter(line -> line.contains("submit-request") && line.contains(about))
                .map(line -> line.replaceAll("^[^\\[]*\\[([^]]*)].*$", "$1"))
                .findFirst()
                .orElse(about);
        var timeline = lines.stream()
                .filter(line -> line.contains(resource) || line.contains(about))
                .filter(line -> !line.contains(" reads "))
                .toList();
        return timeline.subList(Math.max(0, timeline.size() - 120), timeline.size());
    }

    /** The faults of a seed without the kinds that it does not take to break in the same way. */
    private static Faults fewest(long seed, Supplier<Mutation> mutation, String kind) {
        var left = faults(seed, mutation.get().torn());
        for (var number = 0; number < left.withoutOne().size(); number++) {
            var fewer = left.withoutOne().get(number);
            if (!fewer.equals(left)
                    && kind.equals(kind(new Run(seed, fewer, null, 0, mutation.get(), false).broken()))) {
                left = fewer;
            }
        }
        return left;
    }

    /** What broke, whatever it is called and whenever it was. */
    static String kind(@Nullable Throwable broken) {
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
        for (var number = 0; number < shake; number++) {
            simulation.chance().oneIn(2);
        }
        simulation.untilRest();
        metalPeople.lastLook();
        simulation.untilRest();
        if (!simulation.unread().isEmpty()) {
            throw new AssertionError("at rest, and not everything is read: " + simulation.unread());
        }
        groundwork.checker.rest(people.silent(), groundwork.pools(), simulation.stores("pools"));
        if (!metalPeople.withheld()) {
            people.plain().forEach(this::cameOutAsAsked);
        }
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
