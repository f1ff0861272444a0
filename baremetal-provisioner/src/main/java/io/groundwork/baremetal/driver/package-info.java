/**
 * What is done with servers: moves over {@link io.groundwork.baremetal.driver.Redfish}, and that by HTTP. Start at {@link
 * io.groundwork.baremetal.driver.RedfishDriver}.
 */
@NullMarked
package io.groundwork.baremetal.driver;

import org.jspecify.annotations.NullMarked;
