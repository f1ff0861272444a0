package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * What the services need before their first start, where something else than {@code groundwork up} starts them: the topics of
 * the catalogue and the keys. What is there already is kept, so this may run before every start.
 *
 * <p>Arguments: the brokers as {@code host:port,…}; the directory to keep all keys in; a directory with one directory for each
 * service, by its name, where it finds its own keys in {@value #FILE}. A name that is no service's gets what every service may
 * know. Exit code 1 and one line when it cannot be done, 2 for a wrong command line.
 */
final class Prepare {
    /** A properties file with the variables of {@link Keys#environment(String)}. */
    static final String FILE = "keys.properties";

    public static void main(String... arguments) {
        if (arguments.length != 3) {
            System.err.println("usage: Prepare BROKERS KEYS-DIR HANDED-OUT-DIR");
            System.exit(2);
        }
        // Kafka's client would tell all its settings.
        Logger.getLogger("").setLevel(Level.WARNING);
        try {
            handOut(Keys.loadOrMake(Path.of(arguments[1]).resolve("made")), Path.of(arguments[2]));
            TopicSetup.of(null).create(arguments[0]);
        } catch (CannotStartException | IOException failed) {
            System.err.println("groundwork: cannot prepare: " + failed.getMessage());
            System.exit(1);
        }
    }

    static void handOut(Keys keys, Path directory) throws IOException {
        try (var services = Files.list(directory)) {
            for (var service : services.filter(Files::isDirectory).toList()) {
                var lines = keys.environment(service.getFileName().toString()).entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue() + "\n")
                        .collect(Collectors.joining());
                // Renamed when complete, as a service may read it at any time.
                var written = Files.createTempFile(
                        service,
                        "",
                        "",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(written, lines);
                Files.move(written, service.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Prepare() {}
}
