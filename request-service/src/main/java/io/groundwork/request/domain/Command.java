package io.groundwork.request.domain;

import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.runtime.Cause;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people ask of request-service through its REST, on {@code request.commands.v1} under the resource id. */
public sealed interface Command {

    /** The {@code ce_type} of {@code command}. */
    static String type(Command command) {
        return switch (command) {
            case Submit submit -> Submit.TYPE;
            case Cancel cancel -> Cancel.TYPE;
            case Intervene intervene -> Intervene.TYPE;
        };
    }

    /** The command that was read; empty if its type is none of these. */
    static Optional<Command> of(Cause.Asked asked) {
        return switch (asked.type()) {
            case Submit.TYPE -> Optional.of(asked.as(Submit.class));
            case Cancel.TYPE -> Optional.of(asked.as(Cancel.class));
            case Intervene.TYPE -> Optional.of(asked.as(Intervene.class));
            default -> Optional.empty();
        };
    }

    /**
     * Accepts a request. Not answered: the broker's acknowledgement is the promise. Repeated, it changes nothing.
     *
     * @param catalogued what the catalogue says of each component, by its name
     * @param checks what was looked at before; absent in what was sent before there were checks
     */
    record Submit(
            RequestId request,
            Ask ask,
            Map<String, Catalogued> catalogued,
            @Nullable List<Check> checks) implements Command {
        public static final String TYPE = "submit-request";
    }

    /** Turns a request backward, or takes it out of the queue. Answered with a {@link Reply}. */
    record Cancel(RequestId request, String actor, String reason) implements Command {
        public static final String TYPE = "cancel-request";
    }

    /** Decides on a stuck step. Answered with a {@link Reply}. */
    record Intervene(RequestId request, StepId step, Intervention action, String actor, String reason)
            implements Command {
        public static final String TYPE = "intervene";
    }
}
