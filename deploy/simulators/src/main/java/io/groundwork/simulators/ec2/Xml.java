package io.groundwork.simulators.ec2;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes XML as EC2 answers it: elements only, lists as {@code <name><item>…</item></name>}, absent values left out. */
final class Xml {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder(1_024);

    /** A document whose root is in {@code namespace}, if there is one. */
    static String document(String root, @Nullable String namespace, Consumer<Xml> content) {
        var xml = new Xml();
        xml.text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(root);
        if (namespace != null) {
            xml.text.append(" xmlns=\"").append(namespace).append('"');
        }
        xml.text.append('>');
        content.accept(xml);
        xml.text.append("</").append(root).append('>');
        return xml.text.toString();
    }

    /** One element with a text; none if {@code value} is null. */
    Xml text(String name, @Nullable Object value) {
        if (value != null) {
            text.append('<').append(name).append('>');
            escape(value instanceof Instant time ? time(time) : value.toString());
            text.append("</").append(name).append('>');
        }
        return this;
    }

    /** One element with elements in it. */
    Xml nested(String name, Consumer<Xml> content) {
        text.append('<').append(name).append('>');
        content.accept(this);
        text.append("</").append(name).append('>');
        return this;
    }

    /** A list; an empty one is an empty element. */
    <T> Xml items(String name, Collection<T> items, BiConsumer<Xml, T> content) {
        return nested(name, list -> items.forEach(item -> list.nested("item", xml -> content.accept(xml, item))));
    }

    /** The elements that another has written. */
    Xml append(Xml other) {
        text.append(other.text);
        return this;
    }

    Xml tags(Map<String, String> tags) {
        return items(
                "tagSet",
                tags.entrySet(),
                (xml, tag) -> xml.text("key", tag.getKey()).text("value", tag.getValue()));
    }

    /** A time as EC2 writes it, in milliseconds. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    static boolean isAllowed(int character) {
        return character == '\t'
                || character == '\n'
                || character == '\r'
                || (character >= 0x20 && character <= 0xD7FF)
                || (character >= 0xE000 && character <= 0xFFFD)
                || character >= 0x10000;
    }

    private void escape(String value) {
        for (var i = 0; i < value.length(); i++) {
            var character = value.charAt(i);
            switch (character) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\r' -> text.append("&#13;"); // a bare one would be read as a line feed
                default -> text.append(character);
            }
        }
    }
}
