@NullMarked
package io.groundwork.saga;

import org.jspecify.annotations.NullMarked;
