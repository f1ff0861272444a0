package io.groundwork.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Delta debugging: leaves out of a list what is not needed, first halves of it, then smaller and smaller parts. */
final class Fewest {

    /**
     * What is left when no single part can be left out any more.
     *
     * @param enough whether what is left shows what {@code all} shows; asked of lists in the order of {@code all}
     */
    static <T> List<T> of(List<T> all, Predicate<List<T>> enough) {
        var left = all;
        var parts = 1;
        while (!left.isEmpty()) {
            var size = (left.size() + parts - 1) / parts;
            List<T> fewer = null;
            for (var from = 0; from < left.size() && fewer == null; from += size) {
                List<T> others = new ArrayList<>(left.subList(0, from));
                others.addAll(left.subList(Math.min(from + size, left.size()), left.size()));
                fewer = enough.test(others) ? others : null;
            }
            if (fewer != null) {
                left = fewer;
                parts = Math.max(1, parts - 1);
            } else if (size == 1) {
                return left;
            } else {
                parts = Math.min(left.size(), parts * 2);
            }
        }
        return left;
    }

    private Fewest() {}
}
