/**
 * What allocation-service decides, as pure code: {@link AllocationParticipant} walks a resource's claims,
 * {@link PoolMachine} grants or denies them where a pool's state is, and {@link CatalogueKinds} says what the catalogue may
 * hold.
 */
@NullMarked
package io.groundwork.allocation.domain;

import org.jspecify.annotations.NullMarked;
