@NullMarked
package io.groundwork.notification.driver;

import org.jspecify.annotations.NullMarked;
