package io.groundwork.iam.driver;

import io.groundwork.events.Directory.Group;
import java.util.Optional;

/** The groups of the directory. */
@FunctionalInterface
public interface Groups {

    Optional<Group> group(String name);
}
