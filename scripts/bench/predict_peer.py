"""A plain prediction service as many teams write it: FastAPI, uvicorn, xgboost. predict_peer.py MODEL MANIFEST.

One probability of one row of features made from the job, without live health, policy or log. Prints its port, then serves.
"""

import json
import socket
import sys
from datetime import datetime

import numpy
import uvicorn
import xgboost
from fastapi import FastAPI
from pydantic import BaseModel


class Job(BaseModel):
    job_id: str
    notification_id: str
    channel: str
    provider: str
    providers: list[str] = []
    recipient: str | None = None
    recipient_country: str
    template_type: str
    payload_size: int
    created_at: datetime
    send_time: datetime
    expires_at: datetime | None = None
    previous_attempts: int
    last_status: str
    response_code: int | None = None
    latency_ms: float | None = None
    last_attempt_at: datetime | None = None


booster = xgboost.Booster(model_file=sys.argv[1])
booster.set_param({"nthread": 1})
with open(sys.argv[2], encoding="utf-8") as file:
    features = [feature["name"] for feature in json.load(file)["schema"]["features"]]
columns = {name: index for index, name in enumerate(features)}
words = {
    "channel": ["email", "sms", "push"],
    "template_type": ["otp", "transactional", "alert", "marketing"],
    "last_status": ["none", "delivered", "soft_bounce", "hard_bounce", "timeout", "throttled", "rejected", "unregistered"],
}
app = FastAPI()


@app.post("/predict")
def predict(job: Job):
    row = numpy.full((1, len(features)), numpy.nan, dtype=numpy.float32)

    def put(name, value):
        if name in columns and value is not None:
            row[0, columns[name]] = value

    for name, vocabulary in words.items():
        put(name, vocabulary.index(getattr(job, name)))
    put("payload_size", job.payload_size)
    put("previous_attempts", job.previous_attempts)
    put("response_code", job.response_code)
    put("latency_ms", job.latency_ms)
    put("delay_s", 0)
    put("age_s", (job.send_time - job.created_at).total_seconds())
    return {"job_id": job.job_id, "probability": float(booster.inplace_predict(row)[0])}


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])
