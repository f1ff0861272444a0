package io.groundwork.simulators.ec2;

import java.time.Instant;

/**
 * One call that is carried out.
 *
 * @param now its moment; nothing in it reads a clock
 */
record Call(
        String action,
        Parameters parameters,
        Region region,
        Credentials.Identity identity,
        Ec2Settings settings,
        Instant now) {}
