@NullMarked
package io.groundwork.notification.domain;

import org.jspecify.annotations.NullMarked;
