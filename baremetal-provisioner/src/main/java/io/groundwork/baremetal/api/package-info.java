/** The REST of baremetal-provisioner. */
@NullMarked
package io.groundwork.baremetal.api;

import org.jspecify.annotations.NullMarked;
