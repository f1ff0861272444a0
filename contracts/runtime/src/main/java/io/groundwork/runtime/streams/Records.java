package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Messages as Kafka's clients have them, and back. */
public final class Records {

    /** A record as it was read; a record without a key has the empty one. */
    public static Message message(ConsumerRecord<String, byte[]> record) {
        return message(record.topic(), record.key(), record.headers(), record.value());
    }

    /** A batch in the order it was read, partition after partition. */
    public static List<ConsumerRecord<String, byte[]>> list(ConsumerRecords<String, byte[]> batch) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>(batch.count());
        batch.forEach(records::add);
        return records;
    }

    /** A record to be sent. */
    public static ProducerRecord<String, byte[]> record(Message message) {
        return new ProducerRecord<>(message.topic(), null, message.key(), message.value(), headers(message.headers()));
    }

    static Message message(String topic, @Nullable String key, Headers headers, byte @Nullable [] value) {
        var texts = new TreeMap<String, String>();
        headers.forEach(
                header -> texts.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8)));
        return new Message(topic, key == null ? "" : key, texts, value);
    }

    static Headers headers(Map<String, String> texts) {
        var headers = new RecordHeaders();
        texts.forEach((name, text) -> headers.add(name, text.getBytes(UTF_8)));
        return headers;
    }

    private Records() {}
}
