package io.groundwork.iam.driver;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.ResourceId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Grants as rows of {@code iam.grants}, one for each operation. A grant that was taken away keeps its row for a day, and with it
 * its fence: a late write under an older one would find no row to lose against.
 */
@ApplicationScoped
public class PostgresGrants implements Grants {

    private static final String WRITE = """
            insert into iam.grants as g (operation, resource, group_name, role, fence, stands, changed_at)
            values (?, ?, ?, ?, ?, ?, now())
            on conflict (operation) do update
               set fence = excluded.fence, stands = excluded.stands, changed_at = now()
             where g.fence <= excluded.fence
            """;
    private static final String FORGET =
            "delete from iam.grants where not stands and changed_at < now() - interval '1 day'";
    private static final String STANDING =
            "select group_name, role from iam.grants where resource = ? and stands order by group_name, role";

    private final DataSource database;

    @Inject
    public PostgresGrants(DataSource database) {
        this.database = database;
    }

    @Override
    public boolean stand(String operation, ResourceId resource, AccessGrant access, long fence) {
        return write(operation, resource, access, fence, true);
    }

    @Override
    public boolean remove(String operation, ResourceId resource, AccessGrant access, long fence) {
        var written = write(operation, resource, access, fence, false);
        forget();
        return written;
    }

    @Override
    public List<AccessGrant> of(ResourceId resource) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(STANDING)) {
            select.setString(1, resource.toString());
            var standing = new ArrayList<AccessGrant>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    standing.add(new AccessGrant(rows.getString(1), rows.getString(2)));
                }
            }
            return standing;
        } catch (SQLException e) {
            throw new Unavailable(e);
        }
    }

    private boolean write(String operation, ResourceId resource, AccessGrant access, long fence, boolean stands) {
        try (var connection = database.getConnection();
                var write = connection.prepareStatement(WRITE)) {
            write.setString(1, operation);
            write.setString(2, resource.toString());
            write.setString(3, access.group());
            write.setString(4, access.role());
            write.setLong(5, fence);
            write.setBoolean(6, stands);
            return write.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new Unavailable(e);
        }
    }

    private void forget() {
        try (var connection = database.getConnection();
                var delete = connection.prepareStatement(FORGET)) {
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new Unavailable(e);
        }
    }
}
