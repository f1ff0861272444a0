/** All of Groundwork's decisions and drivers, simulated, and checked against its guarantees. */
@NullMarked
package io.groundwork.simulation;

import org.jspecify.annotations.NullMarked;
