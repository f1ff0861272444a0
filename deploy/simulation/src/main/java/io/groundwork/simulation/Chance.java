package io.groundwork.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** All that is left to chance, from one seed. */
public final class Chance {

    private final SplittableRandom random;

    public Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From 0 to {@code bound}, exclusive. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in {@code times}. */
    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** True in {@code percent} of a hundred. */
    public boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    public <T> T any(List<T> among) {
        return among.get(random.nextInt(among.size()));
    }

    /** To the millisecond; often short, at times as long as {@code most}. */
    public Duration upTo(Duration most) {
        var bound = most.toMillis();
        // a third of the range at a time: what is near happens more often than what is far
        var scale = random.nextInt(4);
        return Duration.ofMillis(random.nextLong(1 + (bound >> (scale * 2))));
    }

    /** For decisions. */
    public RandomGenerator generator() {
        return random;
    }
}
