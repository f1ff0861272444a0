/**
 * What approval-service decides, as pure functions: {@link io.groundwork.approval.domain.ApprovalParticipant} decides on
 * {@link io.groundwork.approval.domain.Approval}, {@link io.groundwork.approval.domain.Decide} is what approvers ask of it, and
 * {@link io.groundwork.approval.domain.Links} makes and reads the tokens of the links in their mails.
 */
@NullMarked
package io.groundwork.approval.domain;

import org.jspecify.annotations.NullMarked;
