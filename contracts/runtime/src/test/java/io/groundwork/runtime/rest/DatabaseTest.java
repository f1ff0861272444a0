package io.groundwork.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseTest {

    @ParameterizedTest
    @CsvSource({
        // untranslatable character, character not in repertoire
        "22P05, true, false",
        "22021, true, false",
        // connection failure, admin shutdown, cannot connect now, too many connections
        "08006, false, true",
        "57P01, false, true",
        "57P03, false, true",
        "53300, false, true",
        // the pool waited in vain
        ", false, true",
        // unique violation, deadlock
        "23505, false, false",
        "40P01, false, false"
    })
    void shouldTellBadDataFromAnAbsentDatabase(String state, boolean refuses, boolean away) {
        var wrapped = new IllegalStateException(new IllegalArgumentException(new SQLException("why", state)));
        assertThat(Database.refuses(wrapped)).isEqualTo(refuses);
        assertThat(Database.isAway(wrapped)).isEqualTo(away);
    }

    @Test
    void shouldFindTheCauseWhereverItIsKept() {
        var batch = new SQLException("batch", "40001");
        batch.setNextException(new SQLException("why", "22P05"));
        var rolledBack = new IllegalStateException("rolled back");
        rolledBack.addSuppressed(batch);
        assertThat(Database.refuses(rolledBack)).isTrue();
    }

    @Test
    void shouldNotBlameTheDatabaseForABug() {
        var circle = new IllegalStateException("bug");
        circle.addSuppressed(new IllegalArgumentException(circle));
        assertThat(Database.refuses(circle)).isFalse();
        assertThat(Database.isAway(circle)).isFalse();
    }
}
