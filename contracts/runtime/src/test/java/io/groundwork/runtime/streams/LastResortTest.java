package io.groundwork.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class LastResortTest {

    @Test
    void shouldGoOnWithANewThreadWhenTheBrokerHasEndedATransaction() {
        var failure = new StreamsException(
                "Error encountered trying to commit a transaction", new InvalidTxnStateException("it is over"));

        assertThat(new LastResort().handle(failure)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
}
