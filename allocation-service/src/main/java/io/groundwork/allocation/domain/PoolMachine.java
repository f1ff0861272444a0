package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.PoolAnswer.Shortfall;
import io.groundwork.allocation.domain.PoolAnswer.Verdict;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who holds how much of each pool. A pool is one key in one partition, so whether a claim fits is decided in one place and one
 * order, and never over the limit.
 *
 * <p>A claim is known by its {@link Holder}: asking again is answered again. Each resource's last holder that is over is
 * remembered, so that a claim that comes after its own release, or again after it was denied or released, takes nothing.
 *
 * <p>Two stores, so that a claim costs two small values however many hold the pool: its totals, and a row for each resource.
 */
public final class PoolMachine implements Machine {

    /** By pool: what is used, and the last fence. */
    static final String POOLS = "pools";
    /** By {@code pool|resource}: what the resource holds of it. */
    static final String HOLDINGS = "holdings";

    private final Limits limits;

    public PoolMachine(Limits limits) {
        this.limits = limits;
    }

    /**
     * A pool's totals.
     *
     * @param fence of its last grant; 0 before the first
     * @param used by measure, each from 1
     */
    record Pool(long fence, Map<String, Long> used) {
        static final Pool EMPTY = new Pool(0, Map.of());

        Pool granted(Map<String, Long> amounts) {
            var more = new TreeMap<>(used);
            amounts.forEach((measure, amount) -> more.merge(measure, amount, Math::addExact));
            return new Pool(fence + 1, more);
        }

        Pool released(Map<String, Long> amounts) {
            var less = new TreeMap<>(used);
            amounts.forEach((measure, amount) ->
                    less.computeIfPresent(measure, (any, now) -> now > amount ? now - amount : null));
            return new Pool(fence, less);
        }

        List<Shortfall> shortfalls(Map<String, Long> amounts, Map<String, Long> limits) {
            var shortfalls = new ArrayList<Shortfall>();
            amounts.forEach((measure, asked) -> {
                var limit = limits.get(measure);
                var now = used.getOrDefault(measure, 0L);
                // by subtraction: the sum could overflow, and a limit may have been lowered below what is used
                if (limit != null && asked > limit - now) {
                    shortfalls.add(new Shortfall(measure, limit, now, asked));
                }
            });
            return shortfalls;
        }
    }

    /**
     * What one resource has of one pool.
     *
     * @param over its last holder that was denied or released: it and those before it can claim nothing any more
     */
    record Holding(@Nullable Holder over, List<Grant> grants) {
        static final Holding NONE = new Holding(null, List.of());

        @Nullable
        Grant grant(Holder holder) {
            return grants.stream()
                    .filter(grant -> grant.holder().equals(holder))
                    .findFirst()
                    .orElse(null);
        }

        boolean over(Holder holder) {
            return over != null && holder.upTo(over);
        }

        Holding granted(Grant grant) {
            var more = new ArrayList<>(grants);
            more.add(grant);
            return new Holding(over, more);
        }

        Holding ended(Holder holder) {
            return new Holding(
                    over(holder) ? over : holder,
                    grants.stream()
                            .filter(grant -> !grant.holder().equals(holder))
                            .toList());
        }
    }

    record Grant(Holder holder, Map<String, Long> amounts, long fence) {}

    @Override
    public Set<String> inputs() {
        return Set.of(Topics.CLAIMS);
    }

    @Override
    public Set<String> stores() {
        return Set.of(POOLS, HOLDINGS);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired -> List.of();
            case Input.Received received -> {
                var message = received.message();
                try {
                    var command = command(message);
                    var answer = new Run(message.key(), stores).decide(command);
                    yield List.of(answered(message, answer, moment));
                } catch (RuntimeException unreadable) {
                    yield List.of(DeadLetter.of(Owner.ALLOCATION, message, unreadable));
                }
            }
        };
    }

    /** One command's way through one pool. */
    private final class Run {

        private final String id;
        private final KeyValues pools;
        private final KeyValues holdings;

        Run(String id, Stores stores) {
            this.id = id;
            this.pools = stores.store(POOLS);
            this.holdings = stores.store(HOLDINGS);
        }

        PoolAnswer decide(PoolCommand command) {
            var holder = command.holder();
            return switch (command) {
                case PoolCommand.Claim claim -> claim(holder, claim.amounts());
                case PoolCommand.Release release -> release(holder);
            };
        }

        private PoolAnswer claim(Holder holder, Map<String, Long> amounts) {
            var holding = holding(holder);
            var known = holding.grant(holder);
            if (known != null) {
                return answer(holder, Verdict.GRANTED, known.fence());
            }
            if (holding.over(holder)) {
                return answer(holder, Verdict.OVER, 0);
            }
            var pool = pool();
            var shortfalls = pool.shortfalls(amounts, limits.of(id));
            if (!shortfalls.isEmpty()) {
                // for good: granted on a repetition, it would be held by somebody who has given up on it
                save(holder, holding.ended(holder));
                return new PoolAnswer(id, holder, Verdict.DENIED, 0, shortfalls);
            }
            var more = pool.granted(amounts);
            save(more);
            save(holder, holding.granted(new Grant(holder, amounts, more.fence())));
            return answer(holder, Verdict.GRANTED, more.fence());
        }

        private PoolAnswer release(Holder holder) {
            var holding = holding(holder);
            var known = holding.grant(holder);
            if (known != null) {
                save(pool().released(known.amounts()));
            }
            save(holder, holding.ended(holder));
            return answer(holder, Verdict.RELEASED, 0);
        }

        private PoolAnswer answer(Holder holder, Verdict verdict, long fence) {
            return new PoolAnswer(id, holder, verdict, fence, List.of());
        }

        private Pool pool() {
            var saved = pools.read(id, Pool.class);
            return saved == null ? Pool.EMPTY : saved;
        }

        private Holding holding(Holder holder) {
            var saved = holdings.read(row(holder), Holding.class);
            return saved == null ? Holding.NONE : saved;
        }

        private void save(Pool pool) {
            pools.write(id, pool);
        }

        private void save(Holder holder, Holding holding) {
            holdings.write(row(holder), holding);
        }

        private String row(Holder holder) {
            return id + '|' + holder.resource();
        }
    }

    private static PoolCommand command(Message message) {
        return switch (message.header(EventCodec.TYPE)) {
            case PoolCommand.Claim.TYPE -> message.read(PoolCommand.Claim.class);
            case PoolCommand.Release.TYPE -> message.read(PoolCommand.Release.class);
            case null -> throw new EventCodec.Unreadable("header " + EventCodec.TYPE + " is missing");
            case String other -> throw new EventCodec.Unreadable("no command of a pool: " + other);
        };
    }

    private static Message answered(Message command, PoolAnswer answer, Moment moment) {
        return Commands.message(
                Topics.outcomes(Owner.ALLOCATION),
                answer.holder().resource().toString(),
                Uuids.named("answer", String.valueOf(command.header(EventCodec.ID)), answer.pool())
                        .toString(),
                PoolAnswer.TYPE,
                moment.now(),
                command.header(EventCodec.TRACE),
                answer);
    }
}
