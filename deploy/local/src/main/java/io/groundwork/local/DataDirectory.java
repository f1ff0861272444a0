package io.groundwork.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where one stack keeps everything, and the lock on it: at most one launcher works on a directory. The system frees the
 * lock when the launcher dies, however it dies.
 */
final class DataDirectory implements AutoCloseable {
    /** What a fresh stack needs to start and to be tried out, in bytes. */
    static final long SPACE_NEEDED = 500_000_000;

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    static DataDirectory open(Path directory) throws CannotStartException {
        return open(directory, SPACE_NEEDED);
    }

    /**
     * Makes the directory if it is missing and takes its lock.
     *
     * @param spaceNeeded bytes that must be free on its disk
     */
    static DataDirectory open(Path directory, long spaceNeeded) throws CannotStartException {
        var root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            var lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(lockFile) == null) {
                lockFile.close();
                throw new CannotStartException("another 'groundwork up' works on " + root
                        + "; stop it, or choose another directory with --data DIR");
            }
            var free = Files.getFileStore(root).getUsableSpace();
            if (free < spaceNeeded) {
                lockFile.close();
                throw new CannotStartException("the disk of " + root + " has only " + free / 1_000_000
                        + " MB free, at least " + spaceNeeded / 1_000_000
                        + " MB are needed; free some, or choose another directory with --data DIR");
            }
            return new DataDirectory(root, lockFile);
        } catch (IOException failed) {
            throw new CannotStartException(
                    "cannot write to " + root + " (" + reason(failed) + "); choose another directory with --data DIR",
                    failed);
        }
    }

    Path root() {
        return root;
    }

    /** The directory of one program, made if missing. */
    Path of(String program) throws IOException {
        return Files.createDirectories(root.resolve(program));
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException harmless) {
            // The end of the process frees the lock in any case.
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String reason(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException file -> "a file is in the way";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failed.getMessage());
        };
    }
}
