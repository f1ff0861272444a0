@NullMarked
package io.groundwork.approval.domain;

import org.jspecify.annotations.NullMarked;
