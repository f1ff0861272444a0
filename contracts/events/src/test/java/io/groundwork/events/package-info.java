@NullMarked
package io.groundwork.events;

import org.jspecify.annotations.NullMarked;
