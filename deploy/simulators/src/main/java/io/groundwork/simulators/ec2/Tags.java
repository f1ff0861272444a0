package io.groundwork.simulators.ec2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rules of tags: which are allowed, and how a call gives them to what it makes. */
final class Tags {
    private static final int MAX_TAGS = 50;
    private static final int MAX_KEY = 127;
    private static final int MAX_VALUE = 256;

    private Tags() {}

    /** The tags of {@code TagSpecification.N}, by the kind of resource that they are for. */
    static Map<String, Map<String, String>> ofSpecifications(Parameters parameters, Set<String> resourceTypes) {
        var tags = new HashMap<String, Map<String, String>>();
        for (var specification : parameters.structures("TagSpecification")) {
            var type = specification.required("ResourceType");
            if (!resourceTypes.contains(type)) {
                throw Ec2Exception.invalidValue(
                        "'" + type + "' is not a valid taggable resource type for this operation.");
            }
            if (tags.put(type, with(Map.of(), specification.structures("Tag"))) != null) {
                throw new Ec2Exception(
                        "InvalidParameterCombination", "The resource type '" + type + "' is specified more than once.");
            }
        }
        return tags;
    }

    /** {@code before} with more tags, sorted by key. */
    static Map<String, String> with(Map<String, String> before, List<Parameters> added) {
        var tags = new TreeMap<>(before);
        for (var tag : added) {
            var key = tag.required("Key");
            var value = tag.string("Value").orElse("");
            if (key.length() > MAX_KEY) {
                throw Ec2Exception.invalidValue("Tag key exceeds the maximum length of " + MAX_KEY + " characters");
            }
            if (value.length() > MAX_VALUE) {
                throw Ec2Exception.invalidValue("Tag value exceeds the maximum length of " + MAX_VALUE + " characters");
            }
            if (key.startsWith("aws:")) {
                throw Ec2Exception.invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
            }
            tags.put(key, value);
        }
        if (tags.size() > MAX_TAGS) {
            throw new Ec2Exception("TagLimitExceeded", "More than " + MAX_TAGS + " tags on one resource");
        }
        return tags;
    }

    /** {@code before} without some: a key alone takes its tag away whatever its value, a value must be the tag's. */
    static Map<String, String> without(Map<String, String> before, List<Parameters> removed) {
        if (removed.isEmpty()) {
            return Map.of();
        }
        var tags = new TreeMap<>(before);
        for (var tag : removed) {
            var key = tag.required("Key");
            tag.string("Value").ifPresentOrElse(value -> tags.remove(key, value), () -> tags.remove(key));
        }
        return tags;
    }
}
