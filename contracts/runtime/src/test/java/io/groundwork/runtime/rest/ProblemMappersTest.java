package io.groundwork.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ProblemMappersTest {

    private final ProblemMappers mappers = new ProblemMappers();

    @Test
    void shouldAskToComeBackWhileTheDatabaseIsAway() {
        var answer = mappers.bug(new IllegalStateException(new SQLException("Connection refused", "08001")));
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.getHeaderString("Retry-After")).isEqualTo("2");
        assertThat(answer.getEntity())
                .isInstanceOfSatisfying(
                        Problem.Body.class,
                        problem -> assertThat(problem.detail()).contains("database"));
    }

    @Test
    void shouldCallABugABug() {
        assertThat(mappers.bug(new IllegalStateException("bug")).getStatus()).isEqualTo(500);
    }
}
