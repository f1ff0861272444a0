package io.groundwork.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Command lines of the JVMs that the launcher starts: small heaps and quick starts rather than peak speed.
 *
 * <p>Most of a start is loading classes. The JVM can write down what it loaded when it ends and map that file at the next
 * start, which halves the work. Writing takes seconds, so it is done once, after a build ({@link ClassDataRecorder}), and
 * never at the end of an ordinary run. A file that does not fit the jars any more is ignored by the JVM.
 */
final class JavaCommand {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** From JDK 25 on classes are written down linked, which the archives of before do not hold (JEP 483, JEP 514). */
    private static final boolean AHEAD_OF_TIME = Runtime.version().feature() >= 25;

    private final Path classData;
    private final boolean recording;

    private JavaCommand(Path classData, boolean recording) {
        this.classData = classData;
        this.recording = recording;
    }

    /** Starts that use what was recorded in {@code classData}, if anything was. */
    static JavaCommand using(Path classData) {
        return new JavaCommand(classData, false);
    }

    /** Starts that record what they load in {@code classData} when they end. */
    static JavaCommand recording(Path classData) {
        return new JavaCommand(classData, true);
    }

    /** A class of the launcher's own class path. */
    List<String> main(String name, int heapMegabytes, String mainClass, String... arguments) {
        var command = jvm(name, heapMegabytes);
        command.addAll(List.of("-cp", ownClassPath(), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * A Quarkus application in its {@code quarkus-app} directory. Its jars are put on the class path directly, as Quarkus'
     * own class loader would hide its classes from the recording.
     */
    List<String> service(String name, int heapMegabytes, Path app) throws IOException {
        var command = jvm(name, heapMegabytes);
        var generated = app.resolve("quarkus/generated-bytecode.jar");
        if (!Files.exists(generated)) {
            command.addAll(List.of("-jar", app.resolve("quarkus-run.jar").toString()));
            return command;
        }
        var classPath = new ArrayList<String>();
        classPath.add(generated.toString());
        // Before the originals that they replace.
        classPath.add(app.resolve("quarkus/transformed-bytecode.jar").toString());
        for (var directory : List.of("app", "lib/boot", "lib/main")) {
            try (var jars = Files.list(app.resolve(directory))) {
                jars.map(Path::toString)
                        .filter(jar -> jar.endsWith(".jar"))
                        .sorted()
                        .forEach(classPath::add);
            }
        }
        // The first is what the manifest of quarkus-run.jar asks for.
        command.addAll(List.of(
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                String.join(File.pathSeparator, classPath),
                "io.quarkus.runner.GeneratedMain"));
        return command;
    }

    /** Absolute, as programs are started in other directories. */
    private static String ownClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> jvm(String name, int heapMegabytes) {
        var command = new ArrayList<String>();
        command.addAll(List.of(
                JAVA,
                "-Xmx" + heapMegabytes + "m",
                // All of the young generation becomes resident, however little lives: half of the JVM's own third.
                "-Xmn" + heapMegabytes / 6 + "m",
                "-XX:+UseSerialGC",
                // C1 alone starts a JVM with half the work. Only the broker does enough for C2 to gain: every hop of a
                // request waits for it several times.
                "-XX:TieredStopAtLevel=" + (name.equals("kafka") ? 4 : 1),
                // A JVM without memory does nothing right any more; the supervisor starts a new one.
                "-XX:+ExitOnOutOfMemoryError"));
        var recorded = classData.resolve(name + ".jsa");
        if (recording) {
            command.add((AHEAD_OF_TIME ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + recorded);
        } else if (Files.exists(recorded)) {
            command.add((AHEAD_OF_TIME ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + recorded);
        }
        return command;
    }
}
