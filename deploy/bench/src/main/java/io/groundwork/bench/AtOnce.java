package io.groundwork.bench;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Callers who each begin the next call when their last has ended. */
final class AtOnce {

    /**
     * Returns when all are made.
     *
     * @param width callers
     * @param call told its number, from 0
     */
    static void make(int count, int width, IntConsumer call) throws InterruptedException {
        var next = new AtomicInteger();
        var callers = new ArrayList<Thread>();
        for (var caller = 0; caller < width; caller++) {
            callers.add(Thread.startVirtualThread(() -> {
                for (var number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                    call.accept(number);
                }
            }));
        }
        for (var caller : callers) {
            caller.join();
        }
    }

    private AtOnce() {}
}
