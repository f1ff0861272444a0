package io.groundwork.iam.driver;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Grants in memory, that can fail before or after they have written. */
public final class InMemoryGrants implements Grants {

    private final Map<String, Row> rows = new TreeMap<>();
    private BooleanSupplier failing = () -> false;

    private record Row(ResourceId resource, AccessGrant access, long fence, boolean stands) {}

    /** Whether to fail now: asked before and after each write. */
    public void failing(BooleanSupplier now) {
        failing = now;
    }

    @Override
    public boolean stand(String operation, ResourceId resource, AccessGrant access, long fence) {
        return write(operation, new Row(resource, access, fence, true));
    }

    @Override
    public boolean remove(String operation, ResourceId resource, AccessGrant access, long fence) {
        return write(operation, new Row(resource, access, fence, false));
    }

    @Override
    public List<AccessGrant> of(ResourceId resource) {
        return rows.values().stream()
                .filter(row -> row.stands() && row.resource().equals(resource))
                .map(Row::access)
                .toList();
    }

    private boolean write(String operation, Row row) {
        fail();
        var before = rows.get(operation);
        var newer = before != null && before.fence() > row.fence();
        if (!newer) {
            rows.put(operation, row);
        }
        fail();
        return !newer;
    }

    private void fail() {
        if (failing.getAsBoolean()) {
            throw new Unavailable(new IllegalStateException("connection reset"));
        }
    }
}
