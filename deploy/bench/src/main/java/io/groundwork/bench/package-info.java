/** Measures a whole stack from outside: what it does in a second, how long one request takes, and what that costs. */
@NullMarked
package io.groundwork.bench;

import org.jspecify.annotations.NullMarked;
