@NullMarked
package io.groundwork.notification;

import org.jspecify.annotations.NullMarked;
