package io.groundwork.runtime;

import java.time.Instant;
import java.util.random.RandomGenerator;

/** Time and chance as arguments: decisions never read a clock or a random source. */
public record Moment(Instant now, RandomGenerator random) {}
