package io.groundwork.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The body of a request, as a team would write it. */
final class Ask {
    static final String PROJECT = "acme/payments";
    static final String REQUESTER = "dev@acme.example";
    static final String APPROVER = "lead@acme.example";
    static final String OTHER_APPROVER = "second@acme.example";
    static final String REGION = "eu-central-1";

    private static final String SSH_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGnl0cXt0cXt0cXt0cXt0cXt0cXt0cXt0cXt0cXt0cXt ops@acme";

    private final ObjectNode body;

    private Ask(ObjectNode body) {
        this.body = body;
    }

    /** A resource that no other test knows. */
    static String newResource(String name) {
        return PROJECT + "/" + name + "-"
                + Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36, 36L * 36 * 36 * 36 * 36), 36);
    }

    static Ask deploy(String resource) {
        return of("deploy", resource);
    }

    static Ask decommission(String resource) {
        return of("decommission", resource);
    }

    /** Another server behind one instance, best {@code preferred}. */
    static Ask replace(String resource, String component, int index, String reason, String preferred) {
        var ask = of("replace", resource);
        ask.body
                .putObject("replace")
                .put("component", component)
                .put("index", index)
                .put("reason", reason)
                .putArray("preferredServers")
                .add(preferred);
        return ask;
    }

    private static Ask of(String operation, String resource) {
        var body = Json.object().put("operation", operation).put("resource", resource);
        body.putArray("approvers").add(APPROVER);
        return new Ask(body);
    }

    Ask machines(int count) {
        return machines("web", count);
    }

    Ask machines(String component, int count, String... dependsOn) {
        var vm = Json.object()
                .put("name", component)
                .put("type", "cloud.vm")
                .put("count", count)
                .put("flavor", "m.small")
                .put("image", "debian-12");
        vm.putArray("networks").add("default");
        if (dependsOn.length > 0) {
            var needs = vm.putArray("dependsOn");
            for (var need : dependsOn) {
                needs.add(need);
            }
        }
        body.withArray("components").add(vm);
        return this;
    }

    /** The machines asked for last are behind a security group of their own and let one key in. */
    Ask guarded() {
        var component = last();
        component
                .withArray("securityGroups")
                .addObject()
                .put("name", "guard")
                .putArray("ingress")
                .addObject()
                .put("protocol", "tcp")
                .put("port", 443)
                .put("cidr", "0.0.0.0/0");
        component.putObject("sshKey").put("name", "ops").put("publicKey", SSH_KEY);
        return this;
    }

    /** The machines asked for last are made from {@code image}. */
    Ask image(String image) {
        last().put("image", image);
        return this;
    }

    private ObjectNode last() {
        var components = body.withArray("components");
        return (ObjectNode) components.get(components.size() - 1);
    }

    /** One server for each of {@code preferred}. */
    Ask servers(String... preferred) {
        var ids = server(preferred.length).putArray("preferredServers");
        for (var id : preferred) {
            ids.add(id);
        }
        return this;
    }

    /** One server, installed when {@code component} stands and told the address of its first machine, and never cut off. */
    Ask serverBehind(String component, String preferred) {
        var server = server(1).put("userData", "#!/bin/sh\necho ${" + component + ".instances[0].privateIp}\n");
        server.putArray("preferredServers").add(preferred);
        return after(component).neverCutOff();
    }

    /** Any servers. */
    Ask servers(int count) {
        server(count);
        return this;
    }

    /** What was asked for last is of another type of server. */
    Ask ofType(String serverType) {
        last().put("serverType", serverType);
        return this;
    }

    /** What was asked for last keeps its power until its system has shut down. */
    Ask neverCutOff() {
        last().putObject("shutdown").put("timeout", "PT1S").put("force", false);
        return this;
    }

    /** What was asked for last is made when {@code components} stand. */
    Ask after(String... components) {
        var needs = last().putArray("dependsOn");
        for (var component : components) {
            needs.add(component);
        }
        return this;
    }

    /** Rather waits so long for servers than to fail. */
    Ask waiting(Duration time) {
        return with("onNoCapacity", "wait").with("capacityTimeout", time.toString());
    }

    private ObjectNode server(int count) {
        var server = body.withArray("components")
                .addObject()
                .put("name", "db")
                .put("type", "metal.server")
                .put("count", count)
                .put("site", "ams1")
                .put("serverType", "m1.large")
                .put("osTemplate", "debian-12");
        server.putArray("networks").add("default");
        return server;
    }

    /** No components. */
    Ask nothing() {
        body.putArray("components");
        return this;
    }

    /** Access for the project's group in {@code role}; {@code admin} is one that the directory does not let it hold. */
    Ask access(String role) {
        return access("payments-devs", role);
    }

    Ask access(String group, String role) {
        body.withArray("access").addObject().put("group", group).put("role", role);
        return this;
    }

    /** Asked of {@code approver} instead of the usual one. */
    Ask approvedBy(String approver) {
        body.putArray("approvers").add(approver);
        return this;
    }

    /** One more who is told of the end. */
    Ask webhook(String url) {
        body.withArray("notify").addObject().put("webhook", url);
        return this;
    }

    Ask label(String name, String value) {
        body.withObject("/labels").put(name, value);
        return this;
    }

    Ask with(String field, String value) {
        body.put(field, value);
        return this;
    }

    ObjectNode json() {
        return body.deepCopy();
    }

    String resource() {
        return body.path("resource").asText();
    }
}
