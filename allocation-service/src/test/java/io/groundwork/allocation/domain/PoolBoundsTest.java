package io.groundwork.allocation.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What one large pool may cost. Time is CPU time, and its bound a fraction of what is measured, so that other load fails nothing. */
class PoolBoundsTest {

    private static final int LARGE = 10_000;
    private static final int SMALL = 100;

    @Test
    void shouldGrantTwoThousandClaimsASecondOfACoreInAPoolOfTenThousand() {
        // so that the compiler is done with most
        new PoolBenchmark(SMALL).run(LARGE);
        var found = new PoolBenchmark(LARGE).run(2 * LARGE);
        System.out.println(found);

        assertThat(found.claimsPerSecond()).isGreaterThan(2_000);
        assertThat(found.bytesOfLargestServer()).as("bytes of one server").isLessThan(1024);
    }

    /** Nothing is read or written for each server that the pool has: a claim costs what it asks for. */
    @Test
    void shouldCostNoMoreInALargePoolThanInASmallOne() {
        var small = new PoolBenchmark(SMALL).run(2 * SMALL);
        var large = new PoolBenchmark(LARGE).run(2 * SMALL);

        assertThat(large.rowsRead()).isLessThan(1.2 * small.rowsRead());
        assertThat(large.rowsWritten()).isLessThan(1.2 * small.rowsWritten());
        assertThat(large.bytesWritten()).isLessThan(1.2 * small.bytesWritten());
    }
}
