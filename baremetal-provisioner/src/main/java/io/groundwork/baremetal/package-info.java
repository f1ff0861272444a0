/**
 * Servers without a cloud. The path of a message: events of the other services reach the {@link
 * io.groundwork.baremetal.domain.MetalParticipant} through the {@link io.groundwork.baremetal.BaremetalTopology}; it orders an
 * instance for each server that was allocated from the {@link io.groundwork.baremetal.domain.ServerMachine}, which knows every
 * server's life; its jobs are operations, done by the {@link io.groundwork.baremetal.SiteWorker} with the {@link
 * io.groundwork.baremetal.driver.RedfishDriver}.
 */
@NullMarked
package io.groundwork.baremetal;

import org.jspecify.annotations.NullMarked;
