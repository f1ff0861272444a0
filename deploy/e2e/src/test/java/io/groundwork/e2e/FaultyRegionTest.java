package io.groundwork.e2e;

import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test that makes the cloud misbehave where nobody else has machines, so that others may run beside it. One such class runs
 * at a time, as they share the region and clear its faults.
 */
@ResourceLock(FaultyRegionTest.REGION)
abstract class FaultyRegionTest extends StackTest {
    static final String REGION = "us-east-1";

    @Override
    String region() {
        return REGION;
    }
}
