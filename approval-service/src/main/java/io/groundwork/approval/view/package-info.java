/**
 * The audit: one row for each request that was put to approvers, written from the events by
 * {@link io.groundwork.approval.view.ApprovalWriter}, read by {@link io.groundwork.approval.view.ApprovalView}. Dropped and rebuilt by
 * replay at any time; nothing is decided from it.
 */
@NullMarked
package io.groundwork.approval.view;

import org.jspecify.annotations.NullMarked;
