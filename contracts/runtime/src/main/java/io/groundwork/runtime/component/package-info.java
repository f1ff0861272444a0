/**
 * What a provisioner decides about components, whatever they are made of: a step fans out to one operation for each unit, behind
 * one for what the units share, and is counted back from their outcomes. Start at {@link
 * io.groundwork.runtime.component.ComponentParticipant}.
 */
@NullMarked
package io.groundwork.runtime.component;

import org.jspecify.annotations.NullMarked;
