package io.groundwork.simulators.ec2;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that are used where they are installed. */
final class Commands {
    private Commands() {}

    static boolean hasMoto() {
        return isOnPath("moto_server", "pip install 'moto[server,ec2,sts]'");
    }

    static boolean hasAws() {
        return isOnPath("aws", "apt install awscli");
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
