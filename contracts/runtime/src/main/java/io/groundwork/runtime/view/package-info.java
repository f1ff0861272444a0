/** How the views in Postgres take in what the topics say. */
@NullMarked
package io.groundwork.runtime.view;

import org.jspecify.annotations.NullMarked;
