package io.groundwork.request.api;

import io.groundwork.request.api.Documents.Line;
import io.groundwork.request.api.Documents.Lines;
import io.groundwork.request.view.Changes;
import io.groundwork.request.view.RequestRows;
import io.groundwork.request.view.RequestView;
import io.groundwork.request.view.TimelineRow;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request's timeline as it grows, for server-sent events. One virtual thread per reader, asleep until something happens. */
@ApplicationScoped
public class LiveTimeline {

    /** A word into the silence, by which a reader that is gone is noticed. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** How long the end is held back for what led to it and was not read yet. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(5);

    private final RequestRows rows;
    private final Changes changes;

    @Inject
    public LiveTimeline(RequestRows rows, Changes changes) {
        this.rows = rows;
        this.changes = changes;
    }

    /**
     * Every event behind {@code last}, up to the request's end.
     *
     * @param last an event's id; null, or one that is not known: from the beginning
     */
    Multi<OutboundSseEvent> follow(UUID request, @Nullable String last, Sse sse) {
        return Multi.createFrom()
                .emitter(emitter -> Thread.ofVirtual()
                        .name("timeline-" + request)
                        .start(() -> new Reader(request, last, sse, emitter).run()));
    }

    private final class Reader {

        private final UUID request;
        private final @Nullable String last;
        private final Sse sse;
        private final MultiEmitter<? super OutboundSseEvent> emitter;
        private final AtomicBoolean gone = new AtomicBoolean();
        private final Lines lines = new Lines();
        /** Up to where the timeline was read. */
        private long read;
        /** Up to where the reader has it from an earlier connection. */
        private long known;

        private @Nullable TimelineRow end;
        private @Nullable Instant heldSince;

        Reader(UUID request, @Nullable String last, Sse sse, MultiEmitter<? super OutboundSseEvent> emitter) {
            this.request = request;
            this.last = last;
            this.sse = sse;
            this.emitter = emitter;
        }

        void run() {
            try (var watch = changes.watch(request)) {
                emitter.onTermination(() -> gone.set(true));
                known = position();
                while (!gone.get()) {
                    if (send()) {
                        emitter.complete();
                        return;
                    }
                    if (!watch.await(heldSince == null ? HEARTBEAT : Duration.ofMillis(500)) && heldSince == null) {
                        emitter.emit(sse.newEventBuilder().comment("still here").build());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                emitter.complete();
            } catch (RuntimeException failed) {
                emitter.fail(failed);
            }
        }

        private long position() {
            try {
                return last == null ? 0 : rows.position(request, UUID.fromString(last));
            } catch (IllegalArgumentException notOurs) {
                return 0;
            }
        }

        /** Sends what is new, page by page; whether that was the end. */
        private boolean send() {
            // asked first: all that settled it is read below
            var settled = settled();
            var page = rows.timeline(request, read);
            while (!page.isEmpty() && !gone.get()) {
                page.forEach(lines::note);
                page.forEach(this::take);
                page = rows.timeline(request, read);
            }
            var closing = end;
            if (closing == null || !(settled || heldTooLong())) {
                return false;
            }
            if (closing.position > known) {
                send(lines.line(closing));
            }
            return true;
        }

        /** The end is held back, and said last. */
        private void take(TimelineRow row) {
            read = row.position;
            if (row.closes) {
                end = row;
                return;
            }
            var line = lines.line(row);
            if (row.position > known) {
                send(line);
            }
        }

        private boolean settled() {
            return rows.find(request)
                    .map(row -> row.view())
                    .filter(RequestView::settled)
                    .isPresent();
        }

        private boolean heldTooLong() {
            var now = Instant.now();
            if (heldSince == null) {
                heldSince = now;
            }
            return heldSince.plus(STRAGGLERS).isBefore(now);
        }

        private void send(Line line) {
            emitter.emit(sse.newEventBuilder()
                    .id(line.id().toString())
                    .mediaType(MediaType.APPLICATION_JSON_TYPE)
                    .data(Line.class, line)
                    .build());
        }
    }
}
