/**
 * What every simulator of a back end needs, whatever it speaks: an HTTP server, faults on demand, a count of calls and a
 * journal that survives a kill. A back end is a package below this one.
 *
 * <ol>
 *   <li>{@link io.groundwork.simulators.SimulatorServer} listens, and hands {@code /_groundwork/*} to
 *   <li>{@link io.groundwork.simulators.ControlApi}, by which people and tests steer a simulator;
 *   <li>{@link io.groundwork.simulators.Faults} says which calls go wrong, and how;
 *   <li>{@link io.groundwork.simulators.Calls} remembers what was called;
 *   <li>{@link io.groundwork.simulators.Journal} keeps what the back end holds.
 * </ol>
 */
@NullMarked
package io.groundwork.simulators;

import org.jspecify.annotations.NullMarked;
