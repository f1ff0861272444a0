package io.groundwork.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of the JVMs that the launcher starts: small heaps and quick starts rather than peak speed. */
final class JavaCommand {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** A class of the launcher's own class path. */
    static List<String> main(int heapMegabytes, String mainClass, String... arguments) {
        var command = jvm(heapMegabytes);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    static List<String> jar(int heapMegabytes, Path jar) {
        var command = jvm(heapMegabytes);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static List<String> jvm(int heapMegabytes) {
        var command = new ArrayList<String>();
        command.addAll(List.of(
                JAVA,
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // A JVM without memory does nothing right any more; the supervisor starts a new one.
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED"));
        return command;
    }

    private JavaCommand() {}
}
