/** The back end of grants: {@link DirectoryDriver} makes one stand or go, {@link Grants} is where they stand. */
@NullMarked
package io.groundwork.iam.driver;

import org.jspecify.annotations.NullMarked;
