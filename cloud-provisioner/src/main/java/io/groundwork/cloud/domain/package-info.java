/** What cloud-provisioner decides, as pure functions: Java and the contracts, nothing else. */
@NullMarked
package io.groundwork.cloud.domain;

import org.jspecify.annotations.NullMarked;
