/**
 * Makes and removes virtual machines on EC2. The path of a message: events of the other services reach the {@link
 * io.groundwork.cloud.domain.CloudParticipant} through the {@link io.groundwork.cloud.CloudTopology}; it fans a component out to
 * operations; the topology's engine hands them to queues, one for each region; the {@link io.groundwork.cloud.Ec2Worker} does
 * what stands there by the {@link io.groundwork.cloud.driver.Ec2Driver}; its results go back to the engine, and the outcomes to
 * the participant, which counts them back to components.
 */
@NullMarked
package io.groundwork.cloud;

import org.jspecify.annotations.NullMarked;
