package io.groundwork.iam.domain;

import io.groundwork.events.Directory.Group;
import io.groundwork.events.Directory.Project;
import io.groundwork.events.Directory.Tenant;
import io.groundwork.events.Directory.User;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.Objection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the directory may hold. Names of users and groups are unique across tenants; an entry never moves to another tenant. */
public final class DirectoryKinds {

    /** What a user may be in its tenant. */
    public static final Set<String> ROLES = Set.of("requester", "approver", "operator", "admin");

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL);
    private static final Pattern PROJECT = Pattern.compile(LABEL + "/" + LABEL);
    private static final Pattern MAIL = Pattern.compile("[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    public static final EntryKind<Tenant> TENANTS =
            new EntryKind<>("tenants", NAME, Tenant.class, (name, tenant, table) -> List.of());
    public static final EntryKind<Project> PROJECTS =
            new EntryKind<>("projects", PROJECT, Project.class, DirectoryKinds::project);
    public static final EntryKind<User> USERS = new EntryKind<>("users", MAIL, User.class, DirectoryKinds::user);
    public static final EntryKind<Group> GROUPS = new EntryKind<>("groups", NAME, Group.class, DirectoryKinds::group);

    public static final List<EntryKind<?>> ALL = List.of(TENANTS, PROJECTS, USERS, GROUPS);

    private static List<Objection> project(String name, Project project, EntryKind.Table table) {
        var tenant = name.substring(0, name.indexOf('/'));
        var objections = new ArrayList<>(tenant("", tenant, table));
        for (var i = 0; i < project.onlyFor().size(); i++) {
            var group = project.onlyFor().get(i);
            if (table.entry(GROUPS.key(group), Group.class)
                    .filter(known -> known.tenant().equals(tenant))
                    .isEmpty()) {
                objections.add(new Objection(
                        "/groups/" + i, "must be a group of tenant " + tenant + "; " + group + " is not"));
            }
        }
        return objections;
    }

    private static List<Objection> user(String name, User user, EntryKind.Table table) {
        var objections = new ArrayList<>(tenant("/tenant", user.tenant(), table));
        table.entry(USERS.key(name), User.class)
                .filter(before -> !before.tenant().equals(user.tenant()))
                .ifPresent(before -> objections.add(taken(name)));
        for (var i = 0; i < user.roles().size(); i++) {
            if (!ROLES.contains(user.roles().get(i))) {
                objections.add(new Objection("/roles/" + i, "must be requester, approver, operator or admin"));
            }
        }
        return objections;
    }

    private static List<Objection> group(String name, Group group, EntryKind.Table table) {
        var objections = new ArrayList<>(tenant("/tenant", group.tenant(), table));
        table.entry(GROUPS.key(name), Group.class)
                .filter(before -> !before.tenant().equals(group.tenant()))
                .ifPresent(before -> objections.add(taken(name)));
        for (var i = 0; i < group.members().size(); i++) {
            var member = group.members().get(i);
            if (table.entry(USERS.key(member), User.class)
                    .filter(user -> user.tenant().equals(group.tenant()))
                    .isEmpty()) {
                objections.add(new Objection(
                        "/members/" + i, "must be a user of tenant " + group.tenant() + "; " + member + " is not"));
            }
        }
        for (var i = 0; i < group.roles().size(); i++) {
            if (!NAME.matcher(group.roles().get(i)).matches()) {
                objections.add(new Objection("/roles/" + i, "must be lower-case letters, digits or hyphens"));
            }
        }
        return objections;
    }

    private static List<Objection> tenant(String pointer, String tenant, EntryKind.Table table) {
        return table.entry(TENANTS.key(tenant), Tenant.class).isPresent()
                ? List.of()
                : List.of(new Objection(pointer, "there is no tenant " + tenant));
    }

    private static Objection taken(String name) {
        return new Objection("/tenant", "the name " + name + " is taken");
    }

    private DirectoryKinds() {}
}
