/**
 * Servers without a cloud. The service takes part in the shared fold by {@link
 * io.groundwork.baremetal.domain.BaremetalParticipant}, wired in {@link io.groundwork.baremetal.BaremetalTopology}; it has no
 * servers and no kind of component yet.
 */
@NullMarked
package io.groundwork.baremetal;

import org.jspecify.annotations.NullMarked;
