@NullMarked
package io.groundwork.approval;

import org.jspecify.annotations.NullMarked;
