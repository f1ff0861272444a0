package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.e2e.Holdings.Held;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Asks from outside what is held and what is shown: EC2 by its own API, servers by the simulator that they are, all others by theirs. */
final class Outside {
    private static final int AT_ONCE = 8;

    private final Stack stack;
    private final Client client;
    private final Metal metal;
    private final String project;
    /** What others hold beside the project. */
    private final Pools others;

    Outside(Stack stack, Client client, Metal metal, String project) {
        this.stack = stack;
        this.client = client;
        this.metal = metal;
        this.project = project;
        this.others = pools();
    }

    /** Totals of all pools of servers and of all subnets. */
    private record Pools(long held, long free, long taken) {}

    Holdings holdings(Collection<String> resources) {
        var claimed = new ConcurrentHashMap<String, Long>();
        var granted = new ConcurrentHashMap<String, Long>();
        var servers = new ConcurrentHashMap<String, List<String>>();
        var addresses = new ConcurrentHashMap<String, List<String>>();
        each(resources, resource -> {
            var holds = client.holds(resource);
            var claims = Json.items(holds).stream()
                    .mapToLong(claim -> claim.at("/amounts/instances").asLong())
                    .sum();
            servers.put(resource, Json.texts(holds.path("servers"), "server"));
            addresses.put(resource, Json.texts(holds.path("addresses"), "address"));
            var grants = client.grants(resource).size();
            if (claims > 0) {
                claimed.put(resource, claims);
            }
            if (grants > 0) {
                granted.put(resource, (long) grants);
            }
        });
        try (var ec2 = ec2()) {
            return new Holdings(
                    machines(ec2), groups(ec2), keys(ec2), claimed, granted, pool(), fleet(servers, addresses));
        }
    }

    private Fleet fleet(Map<String, List<String>> claimed, Map<String, List<String>> addresses) {
        var pools = pools();
        return new Fleet(
                metal.list().stream()
                        .map(this::server)
                        // what another test left on a server is not looked at here
                        .filter(server ->
                                server.consumer().isEmpty() || server.consumer().startsWith(project + "/"))
                        .toList(),
                claimed,
                addresses,
                pools.held - others.held,
                pools.free,
                pools.taken - others.taken);
    }

    private Fleet.Server server(JsonNode said) {
        var id = said.path("id").asText();
        var real = metal.real(id);
        var consumer = said.path("consumer");
        return new Fleet.Server(
                id,
                said.path("state").asText(),
                (said.path("unavailability").asText("") + " "
                                + said.path("reason").asText(""))
                        .replace("null", "")
                        .strip(),
                consumer.hasNonNull("resource")
                        ? consumer.path("resource").asText() + "/"
                                + consumer.path("component").asText() + "/"
                                + consumer.path("index").asText()
                        : "",
                !real.path("powerState").asText().equals("Off"),
                Json.texts(real.path("ports"), "enabled").contains("true") || real.hasNonNull("media"),
                Set.copyOf(metal.owners(id)),
                Json.items(real.path("overlaps")).stream()
                        .map(JsonNode::toString)
                        .toList());
    }

    private Pools pools() {
        var all = Json.items(Http.get(stack.at("allocation-service") + "/v1/pools")
                .expect(200)
                .json());
        return new Pools(
                sum(all, "pool/", "/held/servers"), sum(all, "pool/", "/free"), sum(all, "subnet/", "/held/addresses"));
    }

    private static long sum(List<JsonNode> pools, String prefix, String amount) {
        return pools.stream()
                .filter(pool -> pool.path("pool").asText().startsWith(prefix))
                .mapToLong(pool -> pool.at(amount).asLong())
                .sum();
    }

    Views views(Collection<String> requests, Collection<String> resources) {
        var documents = new ConcurrentHashMap<String, JsonNode>();
        var standing = new ConcurrentHashMap<String, JsonNode>();
        each(requests, request -> documents.put(request, client.get(request)));
        each(resources, resource -> standing.put(resource, client.resource(resource)));
        return new Views(documents, listed(), standing);
    }

    private List<Held> machines(Ec2Client ec2) {
        return ours(ec2.describeInstancesPaginator().reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .filter(instance -> instance.state().name() != InstanceStateName.TERMINATED)
                .map(instance -> Held.of(instance.instanceId(), tags(instance.tags())))
                .toList());
    }

    private List<Held> groups(Ec2Client ec2) {
        return ours(ec2.describeSecurityGroupsPaginator().securityGroups().stream()
                .map(group -> Held.of(group.groupId(), tags(group.tags())))
                .toList());
    }

    private List<Held> keys(Ec2Client ec2) {
        return ours(ec2.describeKeyPairs().keyPairs().stream()
                .map(key -> Held.of(key.keyPairId(), tags(key.tags())))
                .toList());
    }

    private List<Held> ours(List<Held> all) {
        return all.stream()
                .filter(held -> held.resource().startsWith(project + "/"))
                .toList();
    }

    private long pool() {
        var pools = Http.get(stack.at("allocation-service") + "/v1/pools?prefix=" + Http.encode("quota/" + project))
                .expect(200)
                .json();
        return sum(Json.items(pools), "quota/", "/held/instances");
    }

    /** Every item of every page, by its id. */
    private Map<String, List<JsonNode>> listed() {
        var all = new HashMap<String, List<JsonNode>>();
        var cursor = "";
        do {
            var page = Http.get(stack.at("request-service") + "/v1/requests?limit=200" + cursor)
                    .expect(200)
                    .json();
            all.putAll(Json.items(page).stream()
                    .collect(Collectors.groupingBy(item -> item.path("id").asText())));
            var next = page.path("nextCursor").asText("").replace("null", "");
            cursor = next.isEmpty() ? "" : "&cursor=" + Http.encode(next);
        } while (!cursor.isEmpty());
        return all;
    }

    private Ec2Client ec2() {
        var credentials = stack.endpoints().at("/credentials/ec2");
        return Ec2Client.builder()
                .endpointOverride(URI.create(stack.at("ec2")))
                .region(Region.of(Ask.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        credentials.path("accessKey").asText(),
                        credentials.path("secretKey").asText())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value, (a, b) -> b, TreeMap::new));
    }

    private static void each(Collection<String> all, Consumer<String> action) {
        var permits = new Semaphore(AT_ONCE);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = all.stream()
                    .map(one -> callers.submit(() -> {
                        permits.acquireUninterruptibly();
                        try {
                            action.accept(one);
                        } finally {
                            permits.release();
                        }
                    }))
                    .toList();
            for (var call : calls) {
                call.get();
            }
        } catch (Exception failed) {
            throw new AssertionError("not everything could be asked", failed);
        }
    }
}
