package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.simulators.Json;
import io.groundwork.simulators.redfish.Profile.Feature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What a Redfish service has of itself: root, sessions, accounts, tasks. */
final class ServiceResources {
    private static final String SESSIONS = "/SessionService/Sessions";
    private static final String ACCOUNTS = "/AccountService/Accounts";
    private static final String ROLES = "/AccountService/Roles";
    private static final String TASKS = "/TaskService/Tasks";

    private final Credentials credentials;

    ServiceResources(Credentials credentials) {
        this.credentials = credentials;
    }

    void addTo(Route.Table table) {
        table.open("GET", "", "GET ServiceRoot", call -> Answer.ok(root(call)));
        table.open("GET", "odata", "GET ServiceRoot", call -> Answer.ok(odata(call)));
        table.get("SessionService", "SessionService", ServiceResources::sessionService);
        table.get(SESSIONS, "SessionCollection", call -> Body.collection(call, "Session", sessionPaths(call)));
        table.open("POST", SESSIONS, "POST Session", this::login);
        table.get(SESSIONS + "/{session}", "Session", call -> session(call, find(call)));
        table.service("DELETE", SESSIONS + "/{session}", "DELETE Session", call -> {
            var id = find(call).id();
            call.changeSessions(sessions -> sessions.delete(id));
            return Answer.done(call.profile());
        });
        table.get("AccountService", "AccountService", ServiceResources::accountService);
        table.get(
                ACCOUNTS,
                "ManagerAccountCollection",
                call -> Body.collection(call, "ManagerAccount", List.of(call.root() + ACCOUNTS + "/1")));
        table.get(ACCOUNTS + "/1", "ManagerAccount", this::account);
        table.service("PATCH", ACCOUNTS + "/1", "PATCH ManagerAccount", this::changeAccount);
        table.get(
                ROLES,
                "RoleCollection",
                call -> Body.collection(call, "Role", List.of(call.root() + ROLES + "/Administrator")));
        table.get(ROLES + "/Administrator", "Role", ServiceResources::role);
        table.get(
                "Registries",
                "MessageRegistryFileCollection",
                call -> Body.collection(call, "MessageRegistryFile", List.of()));
        table.get("TaskService", "TaskService", ServiceResources::taskService);
        table.get(TASKS, "TaskCollection", call -> Body.collection(with(call, Feature.TASKS), "Task", taskPaths(call)));
        table.get(TASKS + "/{task}", "Task", (call, machine) -> task(call, find(call, machine)));
        table.machine("GET", "TaskService/TaskMonitors/{task}", "GET TaskMonitor", ServiceResources::monitor);
    }

    private static Call with(Call call, Feature feature) {
        if (!call.profile().has(feature)) {
            throw call.notFound();
        }
        return call;
    }

    private static ObjectNode root(Call call) {
        var body = Body.resource(call.root() + "/", "ServiceRoot", "v1_15_0", "RootService", "Root Service");
        var name = call.bmc() == null ? "fleet" : call.bmc().id();
        body.put("RedfishVersion", "1.15.0")
                .put("UUID", uuid("service/" + name))
                .put("Product", "Groundwork Redfish simulator")
                .put("Vendor", call.profile().wireName());
        body.putObject("ProtocolFeaturesSupported")
                .put("OnlyMemberQuery", false)
                .put("SelectQuery", false)
                .put("FilterQuery", false)
                .put("ExcerptQuery", false)
                .put("TopSkipQuery", true);
        Stream.of("Systems", "Chassis", "Managers", "SessionService", "AccountService", "Registries")
                .forEach(each -> Body.link(body, each, call.root() + "/" + each));
        if (call.profile().has(Feature.TASKS)) {
            Body.link(body, "Tasks", call.root() + "/TaskService");
        }
        Body.link(body.putObject("Links"), "Sessions", call.root() + SESSIONS);
        return body;
    }

    static String uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static ObjectNode odata(Call call) {
        var body = Json.MAPPER.createObjectNode().put("@odata.context", call.root() + "/$metadata");
        var value = body.putArray("value");
        value.addObject().put("name", "Service").put("kind", "Singleton").put("url", call.root() + "/");
        Stream.of("Systems", "Chassis", "Managers")
                .forEach(each -> value.addObject()
                        .put("name", each)
                        .put("kind", "Singleton")
                        .put("url", call.root() + "/" + each));
        return body;
    }

    private static ObjectNode sessionService(Call call) {
        var body = Body.resource(call.path(), "SessionService", "v1_1_8", "SessionService", "Session Service");
        body.put("ServiceEnabled", true)
                .put("SessionTimeout", call.settings().sessionTimeout().toSeconds());
        Body.healthy(body);
        Body.link(body, "Sessions", call.root() + SESSIONS);
        return body;
    }

    private static List<String> sessionPaths(Call call) {
        return call.openSessions().stream()
                .map(session -> call.root() + SESSIONS + "/" + session.id())
                .toList();
    }

    private Answer login(Call call) {
        var user = text(call, "UserName");
        if (!credentials.fit(call.bmc(), user, text(call, "Password"))) {
            throw new RedfishException(401, Message.NO_VALID_SESSION);
        }
        var session = call.changeSessions(sessions -> sessions.create(user, call.now(), call.settings()));
        var path = call.root() + SESSIONS + "/" + session.id();
        return new Answer(201, session(call, session), Map.of())
                .with("Location", path)
                .with("X-Auth-Token", session.token());
    }

    private static String text(Call call, String name) {
        var value = call.property(name);
        if (value == null) {
            throw new RedfishException(400, Message.PROPERTY_MISSING, name);
        }
        if (!value.isTextual()) {
            throw new RedfishException(400, Message.PROPERTY_VALUE_TYPE_ERROR, "***", name);
        }
        return value.textValue();
    }

    private static Sessions.Session find(Call call) {
        return call.orNotFound(call.openSessions().stream()
                .filter(session -> session.id().equals(call.parameter("session")))
                .findFirst());
    }

    private static ObjectNode session(Call call, Sessions.Session session) {
        var path = call.root() + SESSIONS + "/" + session.id();
        return Body.resource(path, "Session", "v1_5_0", session.id(), "User Session")
                .put("UserName", session.user())
                .putNull("Password")
                .put("CreatedTime", session.created().toString());
    }

    private static ObjectNode accountService(Call call) {
        var body = Body.resource(call.path(), "AccountService", "v1_12_0", "AccountService", "Account Service");
        Body.healthy(body);
        Body.link(body, "Accounts", call.root() + ACCOUNTS);
        Body.link(body, "Roles", call.root() + ROLES);
        return body;
    }

    private ObjectNode account(Call call) {
        var body = Body.resource(call.root() + ACCOUNTS + "/1", "ManagerAccount", "v1_9_0", "1", "User Account");
        body.put("UserName", credentials.user())
                .putNull("Password")
                .put("RoleId", "Administrator")
                .put("Enabled", true)
                .put("Locked", false);
        body.putArray("AccountTypes").add("Redfish");
        Body.link(body.putObject("Links"), "Role", call.root() + ROLES + "/Administrator");
        return body;
    }

    /** A BMC's password can be changed; the fleet's is that of its configuration. */
    private Answer changeAccount(Call call) {
        Patch.check(call.body(), account(call), call.isAggregate() ? List.of() : List.of("Password"));
        if (call.bmc() != null && call.body().has("Password")) {
            var password = text(call, "Password");
            call.bmc().alone(machine -> {
                machine.spec = machine.spec.withPassword(password);
                machine.change();
                return null;
            });
        }
        return Answer.done(call.profile());
    }

    private static ObjectNode role(Call call) {
        var body = Body.resource(call.path(), "Role", "v1_3_1", "Administrator", "User Role");
        body.put("IsPredefined", true).put("RoleId", "Administrator");
        var privileges = body.putArray("AssignedPrivileges");
        List.of("Login", "ConfigureManager", "ConfigureUsers", "ConfigureSelf", "ConfigureComponents")
                .forEach(privileges::add);
        return body;
    }

    private static ObjectNode taskService(Call call) {
        var body =
                Body.resource(with(call, Feature.TASKS).path(), "TaskService", "v1_2_0", "TaskService", "Task Service");
        body.put("ServiceEnabled", true);
        Body.healthy(body);
        Body.link(body, "Tasks", call.root() + TASKS);
        return body;
    }

    private static List<String> taskPaths(Call call) {
        return call.servers().stream()
                .flatMap(server -> server.alone(machine -> List.copyOf(machine.tasks)).stream())
                .map(task -> call.root() + TASKS + "/" + task.id())
                .toList();
    }

    private static Machine.Task find(Call call, Machine machine) {
        return call.orNotFound(machine.task(call.parameter("task")));
    }

    private static ObjectNode task(Call call, Machine.Task task) {
        var body = Body.resource(call.root() + TASKS + "/" + task.id(), "Task", "v1_7_0", task.id(), task.name());
        body.put("TaskState", !task.done() ? "Running" : task.failure() == null ? "Completed" : "Exception")
                .put("TaskStatus", task.failure() == null ? "OK" : "Critical")
                .put("StartTime", task.startedAt().toString())
                .put("PercentComplete", percent(task, call))
                .put("TaskMonitor", monitorPath(call, task));
        if (task.done()) {
            body.put("EndTime", task.endsAt().toString());
        }
        var messages = body.putArray("Messages");
        if (task.failure() != null) {
            messages.addObject()
                    .put("MessageId", Message.OPERATION_FAILED.id())
                    .put("Message", task.failure())
                    .put("Severity", "Critical");
        }
        return body;
    }

    static long percent(Machine.Task task, Call call) {
        var whole = Duration.between(task.startedAt(), task.endsAt()).toMillis();
        var past = Duration.between(task.startedAt(), call.now()).toMillis();
        return task.done() || whole == 0 ? 100 : Math.min(99, 100 * past / whole);
    }

    private static String monitorPath(Call call, Machine.Task task) {
        return call.root() + "/TaskService/TaskMonitors/" + task.id();
    }

    /** The answer of an action that goes on. */
    static Answer accepted(Call call, Machine.Task task) {
        return new Answer(202, task(call, task), Map.of())
                .with("Location", monitorPath(call, task))
                .with("Retry-After", "1");
    }

    /** 202 as long as it goes on, then what the action would have answered. */
    private static Answer monitor(Call call, Machine machine) {
        var task = find(call, machine);
        if (!task.done()) {
            return accepted(call, task);
        }
        if (task.failure() != null) {
            throw new RedfishException(500, Message.OPERATION_FAILED);
        }
        return Answer.done(machine.spec.profile());
    }
}
