@NullMarked
package io.groundwork.request;

import org.jspecify.annotations.NullMarked;
