package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Message;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Kafka's records as messages, and back. */
public final class Records {

    /** What was read. */
    public static Message message(ConsumerRecord<String, byte[]> record) {
        var headers = new TreeMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        var key = record.key();
        return new Message(record.topic(), key == null ? "" : key, headers, record.value());
    }

    /** What is to be sent. */
    public static ProducerRecord<String, byte[]> record(Message message) {
        var record = new ProducerRecord<String, byte[]>(message.topic(), message.key(), message.value());
        message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private Records() {}
}
