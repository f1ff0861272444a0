package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One program of the stack, as the supervisor needs to know it.
 *
 * @param name under which it is logged, reported and found in {@code endpoints.json}
 * @param stage all of a stage start together, after the stage before
 * @param before what must be done before each start, also before a restart
 * @param command the program and its arguments; it stays in the foreground
 * @param environment added to the launcher's own
 * @param directory it works in
 * @param probe whether it can be used
 * @param stopSignal that makes it end cleanly
 */
record Child(
        String name,
        Stage stage,
        Preparation before,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Probe probe,
        StopSignal stopSignal) {

    /** In the order of starting. */
    enum Stage {
        /** What the services stand on. Stopped last, one after the other, the first of the table at the very end. */
        INFRASTRUCTURE,
        /** Stopped first, all together. */
        SERVICE
    }

    enum StopSignal {
        TERM,
        INT
    }

    /** Whether the program, running as process {@code pid}, can be used now. Asked often, answers soon. */
    @FunctionalInterface
    interface Probe {
        boolean isReady(long pid);
    }

    /** Work before a start. */
    @FunctionalInterface
    interface Preparation {
        Preparation NONE = () -> {};

        /** @throws IllegalStateException saying why the program cannot start */
        void run() throws IOException;
    }
}
