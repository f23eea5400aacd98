"""A plain worker as many teams write it: pika, xgboost, pymongo, batches of 256; no publisher confirms.

pipeline_peer.py RABBITMQ_URL MONGODB_URL DATABASE SOURCE TARGET MODEL MANIFEST ACTIONS

Takes jobs from SOURCE, predicts ACTIONS rows for each, publishes the job with the best probability to TARGET, stores a document with
majority and journal, and acknowledges. Per-message confirms, which pika offers, would cost a round trip each.
"""

import json
import sys
import time
from datetime import datetime

import numpy
import pika
import pymongo
import xgboost

BATCH = 256
PREFETCH = 1000

rabbitmq, mongodb, database, source, target, model, manifest, actions = sys.argv[1:]
actions = int(actions)
booster = xgboost.Booster(model_file=model)
booster.set_param({"nthread": 1})
with open(manifest, encoding="utf-8") as file:
    features = [feature["name"] for feature in json.load(file)["schema"]["features"]]
columns = {name: index for index, name in enumerate(features)}
words = {
    "channel": ["email", "sms", "push"],
    "template_type": ["otp", "transactional", "alert", "marketing"],
    "last_status": ["none", "delivered", "soft_bounce", "hard_bounce", "timeout", "throttled", "rejected", "unregistered"],
}
decisions = pymongo.MongoClient(mongodb)[database]["peer_decisions"]
connection = pika.BlockingConnection(pika.URLParameters(rabbitmq))
channel = connection.channel()
channel.basic_qos(prefetch_count=PREFETCH)


def fill(row, job):
    def put(name, value):
        if name in columns and value is not None:
            row[columns[name]] = value

    for name, vocabulary in words.items():
        put(name, vocabulary.index(job[name]))
    for name in ("payload_size", "previous_attempts", "response_code", "latency_ms"):
        put(name, job.get(name))
    send_time = datetime.fromisoformat(job["send_time"].replace("Z", "+00:00"))
    put("age_s", (send_time - datetime.fromisoformat(job["created_at"].replace("Z", "+00:00"))).total_seconds())
    put("hour_utc", send_time.hour)


def decide(batch):
    rows = numpy.full((len(batch) * actions, len(features)), numpy.nan, dtype=numpy.float32)
    jobs = [json.loads(body) for _, _, body in batch]
    for index, job in enumerate(jobs):
        fill(rows[index * actions], job)
        rows[index * actions : (index + 1) * actions] = rows[index * actions]
        if "delay_s" in columns:
            rows[index * actions : (index + 1) * actions, columns["delay_s"]] = numpy.arange(actions) * 3600
    probabilities = booster.inplace_predict(rows).reshape(len(batch), actions)
    documents = []
    for index, (_, properties, body) in enumerate(batch):
        best = int(probabilities[index].argmax())
        probability = float(probabilities[index, best])
        headers = {"x-herald-probability": f"{probability:.9g}", "x-herald-action": "dispatch" if best == 0 else "retry"}
        channel.basic_publish(
            "", target, body,
            pika.BasicProperties(
                content_type="application/json", delivery_mode=2, message_id=properties.message_id, headers=headers))
        documents.append({
            "job_id": jobs[index]["job_id"], "features": [float(value) for value in rows[index * actions]],
            "probabilities": [float(value) for value in probabilities[index]], "action": best, "at": time.time(),
        })
    decisions.insert_many(documents, ordered=False)
    channel.basic_ack(batch[-1][0].delivery_tag, multiple=True)


batch = []
for method, properties, body in channel.consume(source, inactivity_timeout=0.02):
    if method is not None:
        batch.append((method, properties, body))
    if len(batch) >= BATCH or (method is None and batch):
        decide(batch)
        batch = []
