/**
 * approval-service: who may say yes to a request, and what they said.
 *
 * <ol>
 *   <li>{@link io.groundwork.approval.ApprovalTopology}: topics in, decisions, topics out. Start reading here.
 *   <li>{@link io.groundwork.approval.domain.ApprovalParticipant} asks the approvers of a request that started, by mail.
 *   <li>{@link io.groundwork.approval.api.DecisionPage} is what the link in the mail opens,
 *       {@link io.groundwork.approval.api.DecisionResource} the same for identities.
 *   <li>Both send a {@link io.groundwork.approval.domain.Decide} and wait for its
 *       {@link io.groundwork.approval.domain.Answer}.
 *   <li>{@link io.groundwork.approval.view.ApprovalWriter} keeps the audit, which the page shows.
 * </ol>
 */
@NullMarked
package io.groundwork.approval;

import org.jspecify.annotations.NullMarked;
