/**
 * Capacity: who holds how much of what, and what may be asked for at all. The path of a message:
 *
 * <ol>
 *   <li>{@link io.groundwork.allocation.AllocationTopology} wires topics to what decides on them;
 *   <li>{@link io.groundwork.allocation.domain.AllocationParticipant} does the steps {@code allocate} and {@code release}, and
 *       asks pool after pool on {@code allocation.claims.v1};
 *   <li>{@link io.groundwork.allocation.domain.PoolMachine} grants, denies and takes back, where the pool's state is;
 *   <li>{@link io.groundwork.runtime.TableMachine} keeps the catalogue, of the
 *       {@linkplain io.groundwork.allocation.domain.CatalogueKinds kinds} there are;
 *   <li>{@link io.groundwork.allocation.view.ClaimsView} writes what was said into Postgres;
 *   <li>{@link io.groundwork.allocation.api.CatalogueApi} and {@link io.groundwork.allocation.api.ClaimsApi} answer people.
 * </ol>
 */
@NullMarked
package io.groundwork.allocation;

import org.jspecify.annotations.NullMarked;
