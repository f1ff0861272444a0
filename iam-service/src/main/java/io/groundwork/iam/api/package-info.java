/** What people ask and administer over HTTP. */
@NullMarked
package io.groundwork.iam.api;

import org.jspecify.annotations.NullMarked;
