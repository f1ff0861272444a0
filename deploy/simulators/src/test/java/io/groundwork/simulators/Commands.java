package io.groundwork.simulators;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that are used where they are installed. */
public final class Commands {
    private Commands() {}

    public static boolean hasMoto() {
        return isOnPath("moto_server", "pip install 'moto[server,ec2,sts]'");
    }

    public static boolean hasAws() {
        return isOnPath("aws", "apt install awscli");
    }

    public static boolean hasSushyEmulator() {
        return isOnPath("sushy-emulator", "pip install sushy-tools");
    }

    public static boolean hasRedfishtool() {
        return isOnPath("redfishtool", "apt install redfishtool");
    }

    /** The library, asked for as a script would. */
    public static boolean hasSushy() {
        var found = isOnPath("python3") && succeeds("python3", "-c", "import sushy");
        if (!found) {
            System.out.println("SKIPPED, as Python has no sushy: pip install sushy");
        }
        return found;
    }

    private static boolean succeeds(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says so, where everybody sees it, if the program is not there. */
    private static boolean isOnPath(String program, String remedy) {
        var found = isOnPath(program);
        if (!found) {
            System.out.println("SKIPPED, as " + program + " is not on the PATH: " + remedy);
        }
        return found;
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
