/**
 * A simulator of EC2's Query API (version 2016-11-15), and of the two calls of STS that a client of EC2 makes.
 *
 * <p>The way of a call: {@link io.groundwork.simulators.ec2.Ec2Handler} reads it as {@link
 * io.groundwork.simulators.ec2.Parameters}, {@link io.groundwork.simulators.ec2.Credentials} says who signed it, {@link
 * io.groundwork.simulators.Faults} may have a say, and {@link io.groundwork.simulators.ec2.Actions} finds the method that
 * carries it out on one {@link io.groundwork.simulators.ec2.Region} and writes the answer as {@link
 * io.groundwork.simulators.ec2.Xml}. An {@link io.groundwork.simulators.ec2.Ec2Exception} thrown anywhere becomes EC2's
 * error answer.
 *
 * <p>Names, shapes and errors follow the API reference of Amazon EC2; where it leaves a choice, the choice is said at the
 * code that makes it.
 */
@NullMarked
package io.groundwork.simulators.ec2;

import org.jspecify.annotations.NullMarked;
