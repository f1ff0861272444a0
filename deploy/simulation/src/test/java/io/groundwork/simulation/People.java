package io.groundwork.simulation;

import io.groundwork.approval.domain.Decide;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.Design;
import io.groundwork.events.Digests;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Fact;
import io.groundwork.events.Owner;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestEvent.InterventionRequested;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.Recipient;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.request.domain.Command;
import io.groundwork.runtime.Commands;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who asks something of Groundwork: teams that deploy, cancel and give back; approvers who approve, reject, hesitate or
 * never look; operators who retry, skip, abort, abandon, or never come.
 */
final class People {

    private static final List<String> APPROVERS = List.of("lead@acme.example", "second@acme.example");
    private static final String REQUESTER = "dev@acme.example";
    private static final int MOST_TRIES = 4;

    private final Groundwork groundwork;
    private final Simulation simulation;
    private final Chance chance;
    private final Designs designs;
    private final Replacing replacing;
    private final Asks asks;
    /** What each request is called among the asks of its resource. */
    private final Map<RequestId, String> names = new HashMap<>();

    private final Map<ResourceId, Integer> requests = new HashMap<>();
    private final Map<RequestId, Boolean> plain = new HashMap<>();
    private final Map<RequestId, Design> asked = new HashMap<>();
    private final Map<String, Integer> interventions = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    private final Set<String> lost = new HashSet<>();
    private int commands;

    People(Groundwork groundwork, Asks asks) {
        this.groundwork = groundwork;
        this.asks = asks;
        this.simulation = groundwork.simulation;
        this.chance = simulation.chance();
        this.designs = new Designs(groundwork);
        this.replacing = new Replacing(groundwork, this::replace);
        simulation.log().watch(this::read);
    }

    /** Requests that nobody cancels or rejects and whose design can be made: they must come out as asked. */
    Set<RequestId> plain() {
        var found = new HashSet<RequestId>();
        plain.forEach((request, is) -> {
            if (is) {
                found.add(request);
            }
        });
        return found;
    }

    /** Resources on whose stuck steps no operator ever decides. */
    Set<String> silent() {
        return silent;
    }

    /** Begins to ask. */
    void begin() {
        var resources = 1 + chance.below(3);
        for (var number = 0; number < resources; number++) {
            // alone in a project with room for everybody, or with others in a small one
            var roomy = chance.percent(60);
            var resource = new ResourceId("acme", roomy ? "billing" : "payments", "r" + number);
            if (chance.percent(8)) {
                groundwork.cloud.guard(resource.toString(), true);
                lost.add(resource.toString());
                if (chance.percent(40)) {
                    silent.add(resource.toString());
                }
            }
            var requests = 1 + chance.below(3);
            for (var ask = 0; ask < requests; ask++) {
                simulation.after(chance.upTo(Duration.ofMinutes(20)), () -> ask(resource, roomy));
            }
            replacing.begin(resource);
        }
    }

    private void ask(ResourceId resource, boolean roomy) {
        if (chance.percent(15)) {
            submit(resource, RequestKind.DECOMMISSION, Design.EMPTY, null, false);
        } else {
            var healthy = chance.percent(65);
            submit(
                    resource,
                    RequestKind.DEPLOY,
                    designs.any(healthy),
                    null,
                    healthy && roomy && groundwork.landscape.gentle());
        }
    }

    private void replace(ResourceId resource, Replacement replacement) {
        submit(resource, RequestKind.REPLACE, Design.EMPTY, replacement, false);
    }

    private void submit(
            ResourceId resource,
            RequestKind operation,
            Design design,
            @Nullable Replacement replacement,
            boolean canBeMade) {
        var request = new RequestId(Uuids.named("request", Integer.toString(commands++)));
        var canceled = chance.percent(25);
        asked.put(request, design);
        plain.put(request, canBeMade && !canceled && !lost.contains(resource.toString()));
        var ask = new Ask(
                operation,
                REQUESTER,
                chance.percent(80) ? List.of(chance.any(APPROVERS)) : APPROVERS,
                1,
                Duration.ofMinutes(2),
                chance.percent(80) ? OnConflict.QUEUE : OnConflict.REJECT,
                design,
                Digests.of(design),
                chance.oneIn(3) ? List.of(Recipient.mail("team@acme.example")) : List.of(),
                simulation.now(),
                patience(),
                replacement);
        var command = new Command.Submit(request, ask, designs.catalogued(design), List.of());
        var subject = resource.toString();
        var name = operation.name().toLowerCase(Locale.ROOT) + " " + requests.merge(resource, 1, Integer::sum);
        names.put(request, name);
        var submitted = asks.made(subject, name);
        if (submitted) {
            groundwork.checker.accepted(request.toString(), resource.toString());
            command(Owner.REQUEST, resource, Command.Submit.TYPE, command);
        }
        if (chance.percent(20)) {
            // the same POST again, or its retry
            simulation.after(chance.upTo(Duration.ofMinutes(30)), () -> {
                if (submitted && asks.made(subject, name + " once more")) {
                    command(Owner.REQUEST, resource, Command.Submit.TYPE, command);
                }
            });
        }
        if (canceled) {
            simulation.after(chance.upTo(Duration.ofMinutes(10)), () -> {
                if (submitted && asks.made(subject, "cancel " + name)) {
                    command(
                            Owner.REQUEST,
                            resource,
                            Command.Cancel.TYPE,
                            new Command.Cancel(request, REQUESTER, "not needed any more"));
                }
            });
        }
    }

    /** How long a request waits for servers; where there are enough, for those that are being cleaned. */
    private @Nullable Duration patience() {
        if (!groundwork.landscape.metal()) {
            return null;
        }
        if (groundwork.landscape.gentle()) {
            return Duration.ofHours(4);
        }
        return chance.oneIn(2) ? null : Duration.ofMinutes(1).plus(chance.upTo(Duration.ofMinutes(40)));
    }

    private void command(Owner owner, ResourceId resource, String type, Object payload) {
        simulation.send(Commands.message(
                Topics.commands(owner),
                resource.toString(),
                new UUID(1, commands++).toString(),
                type,
                simulation.now(),
                null,
                payload));
    }

    // What they see, and do about it

    private void read(Log.Entry entry) {
        if (Topics.ownerOfEvents(entry.message().topic()).isEmpty()) {
            return;
        }
        var fact = EventCodec.fact(entry.message());
        switch (EventCodec.read(entry.message(), fact).orElseThrow().event()) {
            case ApprovalRequested asked -> decide(fact, asked);
            case InterventionRequested asked -> intervene(fact, asked);
            case RequestClosed closed -> {
                closed(fact);
                replacing.closed(
                        fact.resource(), closed, Objects.requireNonNullElse(asked.get(fact.request()), Design.EMPTY));
            }
            default -> {}
        }
    }

    private void decide(Fact fact, ApprovalRequested asked) {
        var request = fact.request();
        var approver = chance.any(asked.approvers());
        var fate = chance.below(100);
        if (fate < 8) {
            plain.put(request, false);
            return;
        }
        var approves = fate < 85;
        if (!approves) {
            plain.put(request, false);
        }
        answer(fact, approver, approves ? Decide.APPROVE : Decide.REJECT, "eu-central-1", asked.digest());
        if (chance.percent(20)) {
            answer(fact, REQUESTER, Decide.APPROVE, "eu-central-1", null);
        }
        if (chance.percent(20)) {
            answer(fact, approver, Decide.APPROVE, "mars-north-1", asked.digest());
        }
        if (chance.percent(20)) {
            // the other way, or once more
            var other = chance.oneIn(2) ? Decide.APPROVE : Decide.REJECT;
            plain.put(request, false);
            answer(fact, chance.any(asked.approvers()), other, "eu-central-1", asked.digest());
        }
    }

    private void answer(Fact fact, String approver, String decision, String region, @Nullable String digest) {
        var command = new Decide(
                fact.request(), null, approver, decision, "for a reason", region, "standard", Decide.LINK, digest);
        simulation.after(chance.upTo(Duration.ofSeconds(100)), () -> {
            if (asks.made(
                    fact.resource().toString(),
                    decision + " " + names.get(fact.request()) + " by " + approver + " for " + region)) {
                command(Owner.APPROVAL, fact.resource(), Decide.TYPE, command);
            } else {
                plain.put(fact.request(), false);
            }
        });
    }

    private void intervene(Fact fact, InterventionRequested asked) {
        var resource = fact.resource().toString();
        var step = fact.step();
        if (step == null || asked.actions().isEmpty() || silent.contains(resource)) {
            return;
        }
        plain.put(fact.request(), false);
        simulation.after(chance.upTo(Duration.ofMinutes(30)), () -> {
            var tries = interventions.merge(fact.request() + " " + step, 1, Integer::sum);
            var action = tries > MOST_TRIES || chance.percent(20) ? chance.any(asked.actions()) : Intervention.RETRY;
            var mended = tries >= 2 && chance.oneIn(2);
            if (!asks.made(resource, "intervene at " + step + " of " + names.get(fact.request()))) {
                // nobody comes
                silent.add(resource);
                return;
            }
            if (mended) {
                groundwork.cloud.guard(resource, false);
            }
            command(
                    Owner.REQUEST,
                    fact.resource(),
                    Command.Intervene.TYPE,
                    new Command.Intervene(
                            fact.request(), new StepId(step.value()), action, "ops@acme.example", "to mend it"));
        });
    }

    private void closed(Fact fact) {
        var design = asked.get(fact.request());
        if (design != null && !design.equals(Design.EMPTY) && chance.percent(50)) {
            simulation.after(
                    chance.upTo(Duration.ofMinutes(10)),
                    () -> submit(fact.resource(), RequestKind.DECOMMISSION, Design.EMPTY, null, false));
        }
    }
}
