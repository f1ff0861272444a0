package io.groundwork.allocation.domain;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.util.List;
import java.util.Set;

/**
 * Who holds how much of each pool: of a project's quota, of the servers of a type at a site, of the addresses of a subnet. A pool
 * is one key in one partition, so whether a claim fits is decided in one place and one order; nothing is ever held by two.
 *
 * <p>A claim is known by its {@link Holder}: asking again is answered again. Each resource's last holder that is over is
 * remembered, so that a claim that comes after its own release, or again after it was denied or released, takes nothing.
 *
 * <p>A claim of servers or addresses that are not free waits, if it says until when. The queue is first in, first out: whenever
 * something becomes free it is gone through from its head; a claim that can be served is; one that cannot be served yet sets aside
 * all that is free and of use to it, up to what it needs, and nobody behind it gets that, neither in the queue nor newly come. So a
 * later claim overtakes only with what is of no use to any before it, and a large claim at the head is not starved by small ones.
 */
public final class PoolMachine implements Machine {

    static final String POOLS = "pools";
    static final String HOLDINGS = "holdings";
    static final String SERVERS = "servers";
    static final String FREE = "free";
    static final String ADDRESSES = "addresses";
    static final String COOLING = "cooling";
    static final String QUEUE = "queue";

    /** The measure of pools of servers. */
    static final String SERVERS_MEASURE = "servers";
    /** The measure of subnets. */
    static final String ADDRESSES_MEASURE = "addresses";

    private final Rules rules;

    public PoolMachine(Rules rules) {
        this.rules = rules;
    }

    @Override
    public Set<String> inputs() {
        return Set.of(Topics.CLAIMS);
    }

    @Override
    public Set<String> stores() {
        return Set.of(POOLS, HOLDINGS, SERVERS, FREE, ADDRESSES, COOLING, QUEUE);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired ->
                new PoolRun(
                                fired.timer().key(),
                                rules,
                                stores,
                                moment,
                                fired.timer().toString(),
                                null)
                        .fired(fired.timer());
            case Input.Received received -> {
                var message = received.message();
                try {
                    yield new PoolRun(
                                    message.key(),
                                    rules,
                                    stores,
                                    moment,
                                    String.valueOf(message.header(EventCodec.ID)),
                                    message.header(EventCodec.TRACE))
                            .decide(command(message));
                } catch (RuntimeException unreadable) {
                    yield List.of(DeadLetter.of(Owner.ALLOCATION, message, unreadable));
                }
            }
        };
    }

    private static PoolCommand command(Message message) {
        return switch (message.header(EventCodec.TYPE)) {
            case PoolCommand.Claim.TYPE -> message.read(PoolCommand.Claim.class);
            case PoolCommand.Release.TYPE -> message.read(PoolCommand.Release.class);
            case PoolCommand.Noted.TYPE -> message.read(PoolCommand.Noted.class);
            case PoolCommand.Gone.TYPE -> message.read(PoolCommand.Gone.class);
            case PoolCommand.Audit.TYPE -> message.read(PoolCommand.Audit.class);
            case PoolCommand.Asserted.TYPE -> message.read(PoolCommand.Asserted.class);
            case null -> throw new EventCodec.Unreadable("header " + EventCodec.TYPE + " is missing");
            case String other -> throw new EventCodec.Unreadable("no command of a pool: " + other);
        };
    }
}
