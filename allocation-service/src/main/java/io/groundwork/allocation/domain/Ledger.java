package io.groundwork.allocation.domain;

import io.groundwork.events.PoolTotals;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Stores;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The books of one pool while one input is handled. A row is read and written for what changes, never for all that the pool has:
 *
 * <pre>
 *   pools      pool                          its totals
 *   holdings   pool|resource                 what the resource has of it
 *   servers    pool|server                   each server
 *   free       pool|tenant|rack|server       those that can be had, with their traits
 *   addresses  pool|address                  each address that is held or rests
 *   cooling    pool|until|address            those that rest
 *   queue      pool|ticket                   claims that wait
 * </pre>
 */
final class Ledger {

    /** Sorts behind every key that starts with what stands before it. */
    static final String END = "\uffff";

    private final String id;
    private final Stores stores;
    private @Nullable Pool pool;
    private boolean changed;

    Ledger(String id, Stores stores) {
        this.id = id;
        this.stores = stores;
    }

    String id() {
        return id;
    }

    KeyValues store(String name) {
        return stores.store(name);
    }

    Pool pool() {
        var known = pool;
        if (known == null) {
            var saved = stores.store(PoolMachine.POOLS).read(id, Pool.class);
            known = saved == null ? Pool.EMPTY : saved;
            pool = known;
        }
        return known;
    }

    void change(UnaryOperator<Pool> by) {
        pool = by.apply(pool());
        changed = true;
    }

    /** The totals change with every row; they are written once. Says whether others must be told, who were not promised to be. */
    boolean save() {
        if (!changed) {
            return false;
        }
        var fresh = !pool().stale();
        stores.store(PoolMachine.POOLS).write(id, pool().stale(true));
        return fresh;
    }

    /** What others are to see; they have seen it then. */
    PoolTotals shown() {
        pool = pool().stale(false);
        stores.store(PoolMachine.POOLS).write(id, pool());
        return pool().totals();
    }

    String key(String... parts) {
        return id + '|' + String.join("|", parts);
    }

    <T> @Nullable T row(String store, String key, Class<T> type) {
        return stores.store(store).read(key, type);
    }

    void put(String store, String key, Object row) {
        stores.store(store).write(key, row);
    }

    void delete(String store, String key) {
        stores.store(store).delete(key);
    }

    /** Rows whose key starts with {@code prefix} and stands behind {@code after}, the key of a row or empty. */
    List<KeyValues.Entry> page(String store, String prefix, String after, int limit) {
        return stores.store(store).range(after.isEmpty() ? prefix : after + '\0', prefix + END, limit);
    }
}
