package io.groundwork.e2e;

import static org.awaitility.Awaitility.await;

import io.groundwork.e2e.Http.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that calls again when it got no answer, or one that says to come back later. It calls with the same words, so
 * whether the first call was heard makes no difference.
 */
final class Patient {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final AtomicInteger repeated = new AtomicInteger();

    /** The first answer that is one. */
    Answer call(Callable<Answer> call) {
        return await().atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .until(() -> answer(call), answer -> answer != null && answer.status() < 500);
    }

    /** How many calls had to be repeated. */
    int repeated() {
        return repeated.get();
    }

    private Answer answer(Callable<Answer> call) throws Exception {
        try {
            var answer = call.call();
            if (answer.status() >= 500) {
                repeated.incrementAndGet();
            }
            return answer;
        } catch (UncheckedIOException unanswered) {
            repeated.incrementAndGet();
            return null;
        }
    }
}
