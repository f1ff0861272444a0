/** What every REST of Groundwork does alike: who calls ({@link io.groundwork.runtime.rest.Caller}) and how it says no. */
@NullMarked
package io.groundwork.runtime.rest;

import org.jspecify.annotations.NullMarked;
