package io.groundwork.notification.driver;

import io.groundwork.events.Failure;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Calls;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Progress;
import io.groundwork.runtime.Work;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Operations as a worker would make them. */
final class Operations {

    static Operation<Delivery, Void> of(String id, Delivery delivery) {
        var order = new Order(
                id,
                ResourceId.parse("acme/payments/web"),
                RequestId.of("acme", "one"),
                1,
                null,
                1,
                "mail",
                List.of("one"),
                Goal.DONE,
                Order.specification(delivery));
        var work = new Work(order, null, 1, Instant.now().plusSeconds(10), Instant.EPOCH, 0);
        return new Operation<>(delivery, null, work, new Calls(InstantSource.system()));
    }

    static Failure failure(Progress<Void> progress) {
        if (progress instanceof Progress.Failed<Void> failed) {
            return failed.failure();
        }
        throw new AssertionError(progress.toString());
    }

    private Operations() {}
}
