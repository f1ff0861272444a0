@NullMarked
package io.groundwork.approval.api;

import org.jspecify.annotations.NullMarked;
