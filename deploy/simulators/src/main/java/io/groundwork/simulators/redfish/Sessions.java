package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Who is logged in at one BMC. */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
final class Sessions {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 16;

    /** A login. */
    record Session(String id, String token, String user, Instant created, Instant used) {
        Session usedAt(Instant now) {
            return new Session(id, token, user, created, now);
        }
    }

    private final List<Session> open = new ArrayList<>();
    private long last;

    /** @throws RedfishException if there are as many as the BMC can have */
    synchronized Session create(String user, Instant now, RedfishSettings settings) {
        expire(now, settings);
        if (open.size() >= settings.maxSessions()) {
            throw new RedfishException(503, Message.SESSION_LIMIT_EXCEEDED);
        }
        var token = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(token);
        var session = new Session(Long.toString(++last), HexFormat.of().formatHex(token), user, now, now);
        open.add(session);
        return session;
    }

    /** The session of a token; from now on it lasts anew. */
    synchronized Optional<Session> use(String token, Instant now, RedfishSettings settings) {
        expire(now, settings);
        for (var i = 0; i < open.size(); i++) {
            if (open.get(i).token().equals(token)) {
                open.set(i, open.get(i).usedAt(now));
                return Optional.of(open.get(i));
            }
        }
        return Optional.empty();
    }

    synchronized List<Session> list(Instant now, RedfishSettings settings) {
        expire(now, settings);
        return List.copyOf(open);
    }

    synchronized boolean delete(String id) {
        return open.removeIf(session -> session.id().equals(id));
    }

    synchronized void clear() {
        open.clear();
    }

    private void expire(Instant now, RedfishSettings settings) {
        open.removeIf(session -> !now.isBefore(session.used().plus(settings.sessionTimeout())));
    }
}
