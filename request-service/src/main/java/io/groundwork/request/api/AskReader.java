package io.groundwork.request.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Component;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Design;
import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Digests;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.Recipient;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.SealedUrl;
import io.groundwork.request.api.Form.Element;
import io.groundwork.runtime.rest.Caller.Who;
import io.groundwork.runtime.rest.Problem;
import io.groundwork.runtime.rest.Problem.FieldError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request and says everything that is wrong with it at once, each with its place and its remedy. */
final class AskReader {

    private static final Duration SHORTEST_APPROVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_APPROVAL = Duration.ofDays(30);
    private static final Duration DEFAULT_APPROVAL = Duration.ofMinutes(2);
    private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(30);
    private static final int MOST_LABELS = 50;
    private static final int MOST_INSTANCES = 2_000;

    private static final Pattern EMAIL = Pattern.compile(
            "(?=.{1,254}$)[^@\\s\\p{Cc}\\p{Cs}]{1,64}@[^@\\s\\p{Cc}\\p{Cs}]+\\.[^@\\s\\p{Cc}\\p{Cs}.]+");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

    private static final String NO_WEBHOOK = "webhook must be an http or https URL, such as https://acme.example/hook.";

    private final Lookup lookup;
    private final Who who;
    private final Instant acceptedAt;
    private final ComponentReader components;
    private final Function<String, SealedUrl> seal;
    private final Standings standings;

    /** @param seal seals the URL of a webhook */
    AskReader(Lookup lookup, Who who, Instant acceptedAt, Function<String, SealedUrl> seal, Standings standings) {
        this.lookup = lookup;
        this.who = who;
        this.acceptedAt = acceptedAt;
        this.seal = seal;
        this.standings = standings;
        this.components = new ComponentReader(lookup);
    }

    /**
     * What {@code body} asks for.
     *
     * @throws Problem 400 with every fault; 403 if the project is others'; 404 if the resource is another tenant's, which does not exist for the caller
     */
    Submission read(JsonNode body) {
        var errors = new ArrayList<FieldError>();
        var read = new ArrayList<Submission>();
        Form.read(body, "", errors, form -> submission(form).ifPresent(read::add));
        if (!errors.isEmpty() || read.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return read.getFirst();
    }

    private Optional<Submission> submission(Form form) {
        var resource = resource(form);
        var operation = operation(form);
        var approvers = approvers(form);
        var quorum = quorum(form, approvers.size());
        var timeout = form.duration("approvalTimeout", SHORTEST_APPROVAL, LONGEST_APPROVAL);
        var onConflict = onConflict(form);
        var recipients = form.list("notify", AskReader::recipient);
        var labels = labels(form);
        List<Component> wanted = List.of();
        List<AccessGrant> access = List.of();
        Optional<Duration> patience = Optional.empty();
        Optional<Replacing> replacing = Optional.empty();
        switch (operation.orElse(RequestKind.DEPLOY)) {
            case DEPLOY -> {
                nothing(form, "replace", "Only a request whose operation is replace has it: leave replace out.");
                wanted = components(form);
                access = form.list("access", this::access);
                patience = patience(form);
            }
            case DECOMMISSION -> {
                nothing(form, "components", "A decommission takes down all that stands: leave components out.");
                nothing(form, "access", "A decommission takes down all that stands: leave access out.");
                nothing(form, "replace", "A decommission takes down all that stands: leave replace out.");
            }
            case REPLACE -> {
                nothing(form, "components", "What stands is not changed but for one server: leave components out.");
                nothing(form, "access", "What stands is not changed but for one server: leave access out.");
                nothing(form, "labels", "An instance keeps its labels: leave labels out.");
                patience = patience(form);
                replacing = replacing(form, resource);
            }
        }
        if (!form.errors().isEmpty() || resource.isEmpty() || operation.isEmpty()) {
            return Optional.empty();
        }
        var design = new Design(wanted, access, labels);
        return Optional.of(new Submission(
                resource.get(),
                new Ask(
                        operation.get(),
                        who.name(),
                        approvers,
                        quorum,
                        timeout.orElse(DEFAULT_APPROVAL),
                        onConflict,
                        design,
                        Digests.of(design),
                        recipients.stream().distinct().map(this::sealed).toList(),
                        acceptedAt,
                        patience.orElse(null),
                        replacing.map(Replacing::asked).orElse(null)),
                catalogued(wanted),
                replacing.map(Replacing::component).orElse(null)));
    }

    /** What is asked to be replaced, and the component as it stands; null if that is not known yet. */
    private record Replacing(Replacement asked, @Nullable MetalServer component) {}

    /**
     * What stands is as the view has it. Where a request is under way that may change it, and nothing stands, it is looked at when this one's
     * turn comes.
     */
    private Optional<Replacing> replacing(Form form, Optional<ResourceId> resource) {
        var value = form.value("replace");
        if (value.isEmpty()) {
            form.wrong(
                    "replace", "replace is missing; name the instance, such as {\"component\": \"db\", \"index\": 0}.");
            return Optional.empty();
        }
        var standing = resource.flatMap(of -> standings.stands(of).standing());
        if (resource.isPresent() && standing.isEmpty() && !standings.busy(resource.get())) {
            form.wrong("resource", "Nothing stands as " + resource.get() + ": there is no server to replace.");
        }
        return new Element(value.get(), form.at("replace"), form.errors()).object(fields -> {
            var component = fields.required("component", "db");
            if (!fields.has("index")) {
                fields.wrong("index", "index is missing; give which instance of the component, from 0.");
            }
            var index = fields.number("index", 0, MOST_INSTANCES);
            var reason = fields.has("reason") ? fields.reason("its fans are failing") : Optional.<String>empty();
            var preferred = ServerReader.preferred(fields);
            if (component.isEmpty()) {
                return Optional.empty();
            }
            var asked = new Replacement(component.get(), index.orElse(0), reason.orElse(null), preferred);
            standing.ifPresent(stands ->
                    stands.objections(asked).forEach(objection -> fields.wrong(objection.field(), objection.detail())));
            return Optional.of(new Replacing(
                    asked,
                    standing.flatMap(stands -> stands.server(asked.component())).orElse(null)));
        });
    }

    private Optional<ResourceId> resource(Form form) {
        var text = form.required("resource", who.tenant() + "/payments/web-prod");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        ResourceId resource;
        try {
            resource = ResourceId.parse(text.get());
        } catch (IllegalArgumentException malformed) {
            form.wrong("resource", malformed.getMessage() + ".");
            return Optional.empty();
        }
        if (!who.sees(resource.tenant())) {
            throw Problem.notFound("There is no tenant " + resource.tenant() + "; yours is " + who.tenant() + ".");
        }
        var projects = lookup.projects(resource.tenant());
        var project = projects.get(resource.project());
        if (project == null) {
            form.wrong(
                    "resource",
                    "Tenant " + resource.tenant() + " has no project " + resource.project() + known(projects.keySet()));
        } else if (!project.onlyFor().isEmpty() && !inOne(project.onlyFor(), resource.tenant())) {
            throw Problem.forbidden("Only members of " + String.join(", ", project.onlyFor())
                    + " may ask for anything in project " + resource.project() + "; " + who.name()
                    + " is in none of them.");
        }
        return Optional.of(resource);
    }

    private boolean inOne(List<String> groups, String tenant) {
        var known = lookup.groups(tenant);
        return groups.stream()
                .flatMap(group -> Stream.ofNullable(known.get(group)))
                .flatMap(group -> group.members().stream())
                .anyMatch(member -> same(member, who.name()));
    }

    private static Optional<RequestKind> operation(Form form) {
        var word = form.required("operation", "deploy");
        if (word.isEmpty()) {
            return Optional.empty();
        }
        for (var kind : RequestKind.values()) {
            if (kind.word().equals(word.get())) {
                return Optional.of(kind);
            }
        }
        form.wrong(
                "operation",
                word.get().equals("update")
                        ? "update is not available in this installation: decommission, then deploy the new design."
                        : "operation must be deploy, decommission or replace.");
        return Optional.empty();
    }

    private List<String> approvers(Form form) {
        var pointer = form.at("approvers");
        var approvers = form.list("approvers", element -> {
            if (!element.node().isTextual()
                    || !EMAIL.matcher(element.node().textValue()).matches()) {
                element.wrong("An approver is named by a mail address, such as lead@" + who.tenant() + ".example.");
                return Optional.<String>empty();
            }
            var approver = element.node().textValue();
            if (same(approver, who.name())) {
                element.wrong("Nobody approves their own request: name somebody other than " + who.name() + ".");
            }
            return Optional.of(approver);
        });
        var distinct = approvers.stream()
                .map(approver -> approver.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        if (distinct.size() < approvers.size()) {
            form.wrong("approvers", "Somebody is named twice; each approver has one vote.");
        }
        if (approvers.isEmpty()
                && form.errors().stream().noneMatch(error -> error.pointer().startsWith(pointer))) {
            form.wrong(
                    "approvers",
                    "approvers is missing; name who may decide, such as [\"lead@" + who.tenant() + ".example\"].");
        }
        return approvers;
    }

    private static int quorum(Form form, int approvers) {
        var quorum = form.number("quorum", 1, 100).orElse(1);
        if (approvers > 0 && quorum > approvers) {
            form.wrong(
                    "quorum",
                    "quorum " + quorum + " is more than the " + approvers + " approvers: lower it or name more.");
        }
        return quorum;
    }

    private static OnConflict onConflict(Form form) {
        return form.text("onConflict")
                .map(word -> switch (word) {
                    case "queue" -> OnConflict.QUEUE;
                    case "reject" -> OnConflict.REJECT;
                    default -> {
                        form.wrong("onConflict", "onConflict must be queue or reject.");
                        yield OnConflict.QUEUE;
                    }
                })
                .orElse(OnConflict.QUEUE);
    }

    /** How long it waits for capacity; empty if it does not wait. */
    private static Optional<Duration> patience(Form form) {
        var waits = form.text("onNoCapacity")
                .map(word -> switch (word) {
                    case "wait" -> true;
                    case "fail" -> false;
                    default -> {
                        form.wrong("onNoCapacity", "onNoCapacity must be wait or fail.");
                        yield true;
                    }
                })
                .orElse(false);
        var timeout = form.duration("capacityTimeout", SHORTEST_APPROVAL, LONGEST_APPROVAL);
        if (!waits && timeout.isPresent()) {
            form.wrong(
                    "capacityTimeout",
                    "Only a request with \"onNoCapacity\": \"wait\" waits: add that, or leave it out.");
        }
        return waits ? timeout.or(() -> Optional.of(DEFAULT_PATIENCE)) : Optional.empty();
    }

    /** A recipient as it may be kept. No two seals of a URL are equal, so nothing that names a request by its content holds one. */
    private Recipient sealed(Told told) {
        return told.email() == null
                ? Recipient.hook(seal.apply(Objects.requireNonNull(told.webhook())))
                : Recipient.mail(told.email());
    }

    /** A recipient as it was asked for: exactly one of these. */
    private record Told(@Nullable String email, @Nullable String webhook) {}

    private static Optional<Told> recipient(Element element) {
        return element.object(form -> {
            var email = form.text("email");
            var webhook = form.text("webhook");
            if (email.isPresent() == webhook.isPresent()) {
                if (element.errors().stream().noneMatch(error -> error.pointer().startsWith(element.pointer() + "/"))) {
                    element.wrong("Give either email or webhook.");
                }
                return Optional.empty();
            }
            email.filter(address -> !EMAIL.matcher(address).matches())
                    .ifPresent(
                            address -> form.wrong("email", "email must be a mail address, such as team@acme.example."));
            webhook.flatMap(AskReader::objection).ifPresent(objection -> form.wrong("webhook", objection));
            return Optional.of(new Told(email.orElse(null), webhook.orElse(null)));
        });
    }

    /** What is wrong with a webhook's URL, without a word of it: it may carry a token. */
    private static Optional<String> objection(String webhook) {
        URI uri;
        try {
            uri = new URI(webhook);
        } catch (URISyntaxException e) {
            return Optional.of(NO_WEBHOOK);
        }
        if (uri.getRawUserInfo() != null) {
            return Optional.of("webhook must name no user or password; a token in its path or query is kept sealed.");
        }
        var scheme = uri.getScheme();
        return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) && uri.getHost() != null
                ? Optional.empty()
                : Optional.of(NO_WEBHOOK);
    }

    private static Map<String, String> labels(Form form) {
        var labels = new TreeMap<String, String>();
        var value = form.value("labels");
        if (value.isEmpty()) {
            return labels;
        }
        if (!value.get().isObject()) {
            form.wrong("labels", "labels must be an object of texts, such as {\"team\": \"payments\"}.");
            return labels;
        }
        if (value.get().size() > MOST_LABELS) {
            form.wrong("labels", "There may be " + MOST_LABELS + " labels at most.");
        }
        Form.read(
                value.get(),
                form.at("labels"),
                form.errors(),
                each -> value.get().fieldNames().forEachRemaining(name -> {
                    if (!LABEL.matcher(name).matches()) {
                        each.wrong(
                                name,
                                "A label's name is up to 63 letters, digits, '.', '_' or '-', starting with a letter"
                                        + " or digit.");
                    }
                    each.text(name).ifPresent(text -> {
                        if (text.length() > 255) {
                            each.wrong(name, "A label's value has up to 255 characters.");
                        }
                        labels.put(name, text);
                    });
                }));
        return labels;
    }

    private static void nothing(Form form, String name, String detail) {
        form.value(name).ifPresent(value -> {
            if (!value.isEmpty()) {
                form.wrong(name, detail);
            }
        });
    }

    private List<Component> components(Form form) {
        if (!form.has("components")) {
            form.wrong("components", "components is missing; an empty list deploys nothing.");
            return List.of();
        }
        var read = form.list("components", components::read);
        var names = components.names();
        if (read.stream().mapToInt(Component::count).sum() > MOST_INSTANCES) {
            form.wrong(
                    "components", "There may be " + MOST_INSTANCES + " instances at most, of all components together.");
        }
        var seen = new HashSet<String>();
        names.forEach((pointer, name) -> {
            if (!seen.add(name)) {
                form.errors()
                        .add(new FieldError(
                                pointer + "/name",
                                "Another component is called " + name + " already; names are unique."));
            }
        });
        components.needs().forEach((pointer, need) -> {
            if (!seen.contains(need)) {
                form.errors()
                        .add(new FieldError(pointer, "There is no component " + need + known(new HashSet<>(seen))));
            }
        });
        form.errors().addAll(components.misreferences());
        circle(read)
                .ifPresent(
                        circle -> form.wrong("components", "These depend on each other in a circle: " + circle + "."));
        return read;
    }

    /** Components that only wait for each other. */
    private static Optional<String> circle(List<Component> components) {
        var left = new HashMap<String, Set<String>>();
        components.forEach(component -> left.put(component.name(), new HashSet<>(component.dependsOn())));
        // what is not known is complained of elsewhere
        left.values().forEach(needs -> needs.retainAll(left.keySet()));
        while (left.values().removeIf(Set::isEmpty)) {
            left.values().forEach(needs -> needs.retainAll(left.keySet()));
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(left.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }

    private Optional<AccessGrant> access(Element element) {
        return element.object(form -> {
            var groups = lookup.groups(who.tenant());
            var group = form.required("group", "payments-devs");
            group.filter(name -> !groups.containsKey(name))
                    .ifPresent(name -> form.wrong("group", "There is no group " + name + known(groups.keySet())));
            var role = form.matching("role", ResourceId.PART, "lower-case letters, digits or hyphens", "operator");
            return group.isEmpty() || role.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new AccessGrant(group.get(), role.get()));
        });
    }

    private Map<String, Catalogued> catalogued(List<Component> wanted) {
        var flavors = lookup.flavors();
        var images = lookup.images();
        var entries = new TreeMap<String, Catalogued>();
        for (var component : wanted) {
            switch (component) {
                case Component.CloudVm vm -> {
                    var flavor = flavors.get(vm.flavor());
                    var image = images.get(vm.image());
                    if (flavor != null && image != null) {
                        entries.put(vm.name(), new Catalogued.Vm(flavor, image));
                    }
                }
                case Component.MetalServer server -> {
                    var type = lookup.serverTypes().get(server.serverType());
                    var template = lookup.osTemplates().get(server.osTemplate());
                    var subnets = new TreeMap<>(lookup.subnets(server.site()));
                    subnets.keySet().retainAll(server.networks());
                    var site = lookup.sites().get(server.site());
                    if (type != null && template != null && site != null) {
                        entries.put(server.name(), new Catalogued.Server(type, template, subnets, site.ipam()));
                    }
                }
            }
        }
        return entries;
    }

    /** Whether two mail addresses name the same person. */
    static boolean same(String one, String other) {
        return one.equalsIgnoreCase(other);
    }

    /** The end of a sentence that says what there is instead. */
    static String known(@Nullable Collection<String> names) {
        return names == null || names.isEmpty()
                ? "; there is none yet."
                : "; there is " + names.stream().sorted().limit(20).collect(Collectors.joining(", ")) + ".";
    }
}
