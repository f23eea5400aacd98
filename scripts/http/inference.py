"""Asks a running sidecar through the Open Inference Protocol, with NVIDIA's client: inference.py PORT JOB_FILE FEATURE_COUNT.

Prints one JSON object with what came back, by JSON and by binary tensors.
"""

import json
import sys

import numpy
import tritonclient.http as triton


def infer(client, model, tensor, outputs, binary):
    source = triton.InferInput(tensor[0], list(tensor[1].shape), tensor[2])
    source.set_data_from_numpy(tensor[1], binary_data=binary)
    wanted = [triton.InferRequestedOutput(name, binary_data=binary) for name in outputs]
    answer = client.infer(model, [source], outputs=wanted)
    return [answer.as_numpy(name) for name in outputs]


def main():
    port, job_file, feature_count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    client = triton.InferenceServerClient(f"127.0.0.1:{port}")
    assert client.is_server_live() and client.is_server_ready()
    metadata = client.get_model_metadata("herald-features")
    version = metadata["versions"][0]
    assert client.is_model_ready("herald") and client.is_model_ready("herald-features", version)
    assert metadata["inputs"][0]["shape"] == [-1, feature_count]

    rows = numpy.random.default_rng(1).normal(size=(300, feature_count)).astype(numpy.float32)
    rows[rows > 1.5] = numpy.nan
    features = ("features", rows, "FP32")
    probability, margin = infer(client, "herald-features", features, ["probability", "margin"], True)
    finite = ("features", numpy.nan_to_num(rows), "FP32")
    by_binary = infer(client, "herald-features", finite, ["probability"], True)[0]
    by_json = infer(client, "herald-features", finite, ["probability"], False)[0]
    assert numpy.array_equal(by_binary, by_json)
    # Without naming outputs the client asks for all of them in binary.
    source = triton.InferInput("features", list(rows.shape), "FP32")
    source.set_data_from_numpy(rows)
    assert numpy.array_equal(client.infer("herald-features", [source]).as_numpy("probability"), probability)

    with open(job_file, "rb") as file:
        job = file.read()
    jobs = ("job", numpy.array([job, b"{}", job], dtype=object), "BYTES")
    decisions = [json.loads(text) for text in infer(client, "herald", jobs, ["decision"], True)[0]]
    same = [json.loads(text) for text in infer(client, "herald", jobs, ["decision"], False)[0]]
    assert [decision.get("action") for decision in decisions] == [decision.get("action") for decision in same]

    refusals = []
    for model, tensor in (("nobody", features), ("herald-features", ("features", rows[:, 1:], "FP32")), ("herald", features)):
        try:
            infer(client, model, tensor, [], True)
        except triton.InferenceServerException as error:
            refusals.append([error.status(), error.message()])
    print(json.dumps({
        "version": version,
        "probability": [float(value) for value in probability],
        "margin": [float(value) for value in margin],
        "rows": [[None if numpy.isnan(value) else float(value) for value in row] for row in rows],
        "decisions": decisions,
        "refusals": refusals,
    }))


main()
