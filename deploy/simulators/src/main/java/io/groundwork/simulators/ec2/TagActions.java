package io.groundwork.simulators.ec2;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** CreateTags, DeleteTags and DescribeTags, over all kinds of resources that carry tags. */
final class TagActions {
    private TagActions() {}

    private record Tag(Resource.Tagged resource, String key, String value) {}

    static void create(Call call, Xml answer) {
        var added = call.parameters().structures("Tag");
        if (added.isEmpty()) {
            throw Ec2Exception.missing("Tag");
        }
        change(call, answer, tags -> Tags.with(tags, added));
    }

    static void delete(Call call, Xml answer) {
        var removed = call.parameters().structures("Tag");
        change(call, answer, tags -> Tags.without(tags, removed));
    }

    private static void change(Call call, Xml answer, UnaryOperator<Map<String, String>> change) {
        var ids = new LinkedHashSet<>(call.parameters().list("ResourceId"));
        if (ids.isEmpty()) {
            throw Ec2Exception.missing("ResourceId");
        }
        var changed = ids.stream()
                .map(id -> find(call, id))
                .map(resource -> resource.withTags(change.apply(resource.tags())))
                .toList();
        call.region().commit(changed, List.of());
        answer.text("return", true);
    }

    private static Resource.Tagged find(Call call, String id) {
        var region = call.region();
        var kind = id.substring(0, Math.max(0, id.indexOf('-')));
        Optional<? extends Resource.Tagged> found = switch (kind) {
            case "i" -> region.instance(id).filter(instance -> instance.isVisible(call.now()));
            case "vol" -> region.volume(id).filter(volume -> VolumeActions.isVisible(call, volume));
            case "sg" -> region.group(id);
            case "key" -> region.keyPair(id);
            default -> throw new Ec2Exception("InvalidID", "The ID '" + id + "' is not valid");
        };
        return found.orElseThrow(() -> switch (kind) {
            case "i" -> new Ec2Exception("InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
            case "vol" -> VolumeActions.notFound(id);
            case "sg" -> GroupActions.notFound(id);
            default -> new Ec2Exception("InvalidKeyPair.NotFound", "The key pair '" + id + "' does not exist");
        });
    }

    static void describe(Call call, Xml answer) {
        var region = call.region();
        var tags = Stream.of(
                        region.instances().stream().filter(instance -> instance.isVisible(call.now())),
                        region.volumes().stream().filter(volume -> VolumeActions.isVisible(call, volume)),
                        region.groups().stream(),
                        region.keyPairs().stream())
                .<Resource.Tagged>flatMap(resources -> resources)
                .flatMap(resource ->
                        resource.tags().entrySet().stream().map(tag -> new Tag(resource, tag.getKey(), tag.getValue())))
                .toList();
        var selected = Filters.of(call.parameters()).select(tags, TagActions::filter).stream()
                .sorted(Comparator.comparing(TagActions::key))
                .toList();
        var page = Page.of(call.parameters(), selected, TagActions::key);
        answer.items(
                        "tagSet",
                        page.items(),
                        (xml, tag) -> xml.text("resourceId", tag.resource.id())
                                .text("resourceType", tag.resource.resourceType())
                                .text("key", tag.key)
                                .text("value", tag.value))
                .text("nextToken", page.nextToken());
    }

    private static Optional<Function<Tag, Collection<String>>> filter(String name) {
        return switch (name) {
            case "resource-id" -> Optional.of(tag -> List.of(tag.resource.id()));
            case "resource-type" -> Optional.of(tag -> List.of(tag.resource.resourceType()));
            case "key" -> Optional.of(tag -> List.of(tag.key));
            case "value" -> Optional.of(tag -> List.of(tag.value));
            default ->
                name.startsWith("tag:")
                        ? Optional.of(
                                tag -> tag.key.equals(name.substring("tag:".length())) ? List.of(tag.value) : List.of())
                        : Optional.empty();
        };
    }

    private static String key(Tag tag) {
        return tag.resource.id() + " " + tag.key;
    }
}
