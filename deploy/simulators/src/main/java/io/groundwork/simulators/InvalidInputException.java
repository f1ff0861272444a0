package io.groundwork.simulators;

import java.util.List;

/** What was sent to the control API cannot be taken; it lists every wrong field. Answered with 400. */
public final class InvalidInputException extends RuntimeException {
    /** One wrong field: a JSON pointer to it and what it should have been. */
    public record Problem(String pointer, String detail) {}

    private final transient List<Problem> problems;

    public InvalidInputException(List<Problem> problems) {
        super(problems.toString(), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
