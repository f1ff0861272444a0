/** What baremetal-provisioner decides, as pure functions: Java and the contracts, nothing else. */
@NullMarked
package io.groundwork.baremetal.domain;

import org.jspecify.annotations.NullMarked;
