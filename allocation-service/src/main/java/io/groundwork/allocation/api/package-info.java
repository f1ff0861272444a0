/** What people ask and administer over HTTP. */
@NullMarked
package io.groundwork.allocation.api;

import org.jspecify.annotations.NullMarked;
