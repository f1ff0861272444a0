/**
 * How approvers decide: {@link io.groundwork.approval.api.DecisionPage} by the link in their mail,
 * {@link io.groundwork.approval.api.DecisionResource} as identities. Both ask {@link io.groundwork.approval.api.Decisions}.
 */
@NullMarked
package io.groundwork.approval.api;

import org.jspecify.annotations.NullMarked;
