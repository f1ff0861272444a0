/**
 * What iam-service decides, as pure code: {@link IamParticipant} orders grants and revocations, and {@link DirectoryKinds} says
 * what the directory may hold.
 */
@NullMarked
package io.groundwork.iam.domain;

import org.jspecify.annotations.NullMarked;
