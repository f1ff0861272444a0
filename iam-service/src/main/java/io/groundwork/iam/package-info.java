/**
 * Who is who, and who may do what where. The path of a message:
 *
 * <ol>
 *   <li>{@link io.groundwork.iam.IamTopology} wires topics to what decides on them;
 *   <li>{@link io.groundwork.iam.domain.IamParticipant} does the steps {@code grant} and {@code revoke}, one operation for each
 *       grant;
 *   <li>{@link io.groundwork.runtime.OperationMachine} puts works into the queue {@code directory};
 *   <li>{@link io.groundwork.iam.DirectoryWorker} does them by the {@link io.groundwork.iam.driver.DirectoryDriver}, over
 *       {@link io.groundwork.iam.driver.PostgresGrants};
 *   <li>{@link io.groundwork.runtime.TableMachine} keeps the directory, of the
 *       {@linkplain io.groundwork.iam.domain.DirectoryKinds kinds} there are;
 *   <li>{@link io.groundwork.iam.api.DirectoryApi} and {@link io.groundwork.iam.api.GrantsApi} answer people.
 * </ol>
 */
@NullMarked
package io.groundwork.iam;

import org.jspecify.annotations.NullMarked;
