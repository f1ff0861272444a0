package io.groundwork.allocation.domain;

import io.groundwork.events.ServerFact;
import org.jspecify.annotations.Nullable;

/**
 * A server in its pool's books. Free is one that the inventory calls allocatable, that nobody holds and nothing stands on, and
 * that has heard of the last grant it was in: what a grant gave is given again only after a fact newer than it.
 *
 * @param gone whether the inventory has forgotten it, or moved it, while it was held
 * @param fence of the last grant it was in; 0 before the first
 * @param granted the generation by which it was free then
 * @param held by whom; null if by nobody
 */
record ServerRow(
        ServerFact fact,
        boolean gone,
        long fence,
        long granted,
        @Nullable Held held) {

    /** The condition of one that can be had. */
    static final String FREE = "free";

    /**
     * Whose it is. What was adopted has a claim although it asked for none: it lasts as long as the inventory says that it stands on
     * the server, and belongs to no request.
     */
    record Held(Holder holder, String component, int index) {

        static @Nullable Held adopted(ServerFact fact) {
            var consumer = fact.consumer();
            return consumer == null || consumer.fence() != 0
                    ? null
                    : new Held(new Holder(consumer.resource(), 0, 0), consumer.component(), consumer.index());
        }

        boolean adopted() {
            return holder.sequence() == 0;
        }
    }

    static ServerRow of(ServerFact fact) {
        return new ServerRow(fact, false, 0, 0, Held.adopted(fact));
    }

    boolean adopted() {
        return held != null && held.adopted();
    }

    boolean free() {
        return condition().equals(FREE);
    }

    /** {@link #FREE}, or why nobody can have it, as one word. */
    String condition() {
        if (held != null || fact.consumer() != null) {
            return "busy";
        }
        if (gone) {
            return "forgotten";
        }
        if (!fact.allocatable()) {
            return fact.reason() == null ? fact.state() : fact.reason();
        }
        return fence > 0 && (fact.fence() < fence || fact.generation() <= granted) ? "releasing" : FREE;
    }

    ServerRow noted(ServerFact next) {
        // what a request holds is its own whatever stands there
        return new ServerRow(next, false, fence, granted, held == null || held.adopted() ? Held.adopted(next) : held);
    }

    ServerRow forgotten() {
        return new ServerRow(fact, true, fence, 0, held);
    }

    ServerRow granted(Held to, long by) {
        return new ServerRow(fact, gone, by, fact.generation(), to);
    }

    ServerRow released() {
        return new ServerRow(fact, gone, fence, granted, Held.adopted(fact));
    }
}
