package io.groundwork.runtime.rest;

import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a failure says of the database, by the SQLState of whatever caused it. */
public final class Database {

    /** Whether it refuses the data (class 22, such as a text with U+0000): the same again is refused again. */
    public static boolean refuses(Throwable failed) {
        return caused(
                failed, sql -> sql.getSQLState() != null && sql.getSQLState().startsWith("22"));
    }

    /** Whether it cannot be reached, is starting or stopping, or has no connection left: the same later may succeed. */
    public static boolean isAway(Throwable failed) {
        return caused(failed, sql -> {
            var state = sql.getSQLState();
            // the pool itself says nothing when it waited for a connection in vain
            return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
        });
    }

    private static boolean caused(Throwable failed, Predicate<SQLException> test) {
        return caused(failed, test, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean caused(@Nullable Throwable failed, Predicate<SQLException> test, Set<Throwable> seen) {
        if (failed == null || !seen.add(failed)) {
            return false;
        }
        if (failed instanceof SQLException sql && (test.test(sql) || caused(sql.getNextException(), test, seen))) {
            return true;
        }
        if (caused(failed.getCause(), test, seen)) {
            return true;
        }
        for (var suppressed : failed.getSuppressed()) {
            if (caused(suppressed, test, seen)) {
                return true;
            }
        }
        return false;
    }

    private Database() {}
}
