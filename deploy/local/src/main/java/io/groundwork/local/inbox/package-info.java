/**
 * The mail server of a stack on one's own machine: {@link io.groundwork.local.inbox.Inbox} takes every mail by SMTP,
 * delivers none further, and shows them to people on a page and to programs as JSON.
 */
@NullMarked
package io.groundwork.local.inbox;

import org.jspecify.annotations.NullMarked;
