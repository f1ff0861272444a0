/** The {@code groundwork} command: a client of the public interfaces alone, as any user's program is. */
@NullMarked
package io.groundwork.cli;

import org.jspecify.annotations.NullMarked;
