"""Prints every request's end, from the first to the next: pip install kafka-python==2.2.15"""

import json
import sys

from kafka import KafkaConsumer

consumer = KafkaConsumer(
    "request.completions.v1",
    bootstrap_servers=sys.argv[1] if len(sys.argv) > 1 else "localhost:9092",
    group_id="completions-example",
    isolation_level="read_committed",  # what is not committed has not happened
    auto_offset_reset="earliest",  # kept for ever: a new consumer needs nothing but the topic
    enable_auto_commit=False,
)
for record in consumer:
    headers = {name: value.decode() for name, value in record.headers}
    if headers["ce_type"] != "io.groundwork.request.closed.v1":
        continue  # a newer type is for newer readers
    end = json.loads(record.value)
    print(end["closedAt"], end["resource"], end["operation"], end["outcome"], end.get("message", ""), flush=True)
    for component, outputs in end.get("outputs", {}).items():
        for machine in outputs["instances"]:
            print("   ", component, machine["index"], machine["providerId"], machine.get("privateIp", ""), flush=True)
    consumer.commit()
