package io.groundwork.simulation;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A thread that runs only while it is handed control, and hands it back whenever it breathes. */
public final class Strand {

    /** Thrown where a killed strand breathed: it unwinds without doing anything more. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super(null, null, false, false);
        }
    }

    private static final ThreadLocal<@Nullable Strand> CURRENT = new ThreadLocal<>();

    private final Semaphore mine = new Semaphore(0);
    private final Semaphore others = new Semaphore(0);
    private final Runnable breath;
    private boolean killed;
    private boolean over;
    private @Nullable Throwable failure;

    /**
     * @param body what it does
     * @param breath called in the strand whenever it breathes; may {@link #handBack}
     */
    Strand(Runnable body, Runnable breath) {
        this.breath = breath;
        Thread.ofVirtual().start(() -> {
            CURRENT.set(this);
            mine.acquireUninterruptibly();
            try {
                if (!killed) {
                    body.run();
                }
            } catch (Killed dead) {
                // as a process that is gone: nothing follows
            } catch (RuntimeException | Error failed) {
                failure = failed;
            } finally {
                over = true;
                others.release();
            }
        });
    }

    /** Called by back ends before and after everything they do: here a worker can be frozen or killed. */
    public static void breathe() {
        var strand = CURRENT.get();
        if (strand == null) {
            return;
        }
        if (strand.killed) {
            // what a worker closes on its way out is not closed by one that is dead
            throw new Killed();
        }
        strand.breath.run();
    }

    /** Runs it until it hands back or is over. */
    void run() {
        mine.release();
        others.acquireUninterruptibly();
        if (failure instanceof AssertionError found) {
            throw found;
        }
        if (failure != null) {
            throw new AssertionError("a worker failed", failure);
        }
    }

    /** Within the strand: lets the others go on until {@link #run} is called again. */
    void handBack() {
        others.release();
        mine.acquireUninterruptibly();
        if (killed) {
            throw new Killed();
        }
    }

    void kill() {
        killed = true;
        run();
    }

    boolean over() {
        return over;
    }

    boolean killed() {
        return killed;
    }
}
