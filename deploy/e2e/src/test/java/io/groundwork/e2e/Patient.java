package io.groundwork.e2e;

import static org.awaitility.Awaitility.await;

import io.groundwork.e2e.Http.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that calls again when it got no answer, or one that says to come back later. It calls with the same words, so
 * whether the first call was heard makes no difference.
 */
final class Patient {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();

    /** The first answer that is one; {@code later} are statuses that say to come back, as all from 500 on do. */
    Answer call(Callable<Answer> call, Integer... later) {
        var again = Set.of(later);
        var answer = await().atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .until(
                        () -> answer(call),
                        found -> found != null && found.status() < 500 && !again.contains(found.status()));
        answers.incrementAndGet();
        return answer;
    }

    /** How many calls were repetitions. */
    int repeated() {
        return calls.get() - answers.get();
    }

    private Answer answer(Callable<Answer> call) throws Exception {
        calls.incrementAndGet();
        try {
            return call.call();
        } catch (UncheckedIOException unanswered) {
            return null;
        }
    }
}
