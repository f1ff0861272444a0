/**
 * Servers with their management controllers (BMCs), simulated as Redfish (DMTF DSP0266) shows them. A call's way:
 *
 * <ol>
 *   <li>{@link io.groundwork.simulators.redfish.RedfishHandler} finds the BMC and the route, checks credentials, applies faults;
 *   <li>{@link io.groundwork.simulators.redfish.Server} lets one call at a time see and change its
 *   <li>{@link io.groundwork.simulators.redfish.Machine}: power, boot, installation, disks; what it is follows from the clock;
 *   <li>{@code …Resources} show the machine as JSON and carry out what is asked;
 *   <li>{@link io.groundwork.simulators.redfish.Fleet} wakes machines whose time has come, and
 *   <li>{@link io.groundwork.simulators.redfish.Outside} reads boot images and phones home for them.
 * </ol>
 */
@NullMarked
package io.groundwork.simulators.redfish;

import org.jspecify.annotations.NullMarked;
