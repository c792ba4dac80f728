"""Looks at two training runs with MLflow's own client, and scores their models with mlflow.pyfunc."""
import json
import sys

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

client = MlflowClient()
experiment = client.get_experiment_by_name("outrider")
runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
registered = {
    version.tags["outrider.model_version"]: version
    for version in client.search_model_versions("name='outrider-transactions'")
}
assert len(runs) == 2, f"2 runs were to be told, there are {sorted(runs)}"
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        trained = json.load(file)
    version = trained["modelVersion"]
    run = runs[version]
    assert run.info.status == "FINISHED", run.info.status
    for name, value in trained["metrics"].items():
        assert abs(run.data.metrics[name] - value) <= 1e-12 * max(1, abs(value)), name
    assert run.data.params["outrider.training.run.label-delay"], "no parameters"
    [dataset] = run.inputs.dataset_inputs
    assert dataset.dataset.name.startswith("transactions:"), dataset.dataset.name
    source = registered[version]
    assert source.run_id == run.info.run_id and source.status == "READY"

    uri = f"models:/outrider-transactions/{source.version}"
    model = mlflow.pyfunc.load_model(uri)
    assert model.metadata.signature is not None, "no signature"
    folder = mlflow.artifacts.download_artifacts(uri)
    with open(f"{folder}/example.json", encoding="utf-8") as file:
        example = json.load(file)
    inputs = {name: np.array(rows, dtype=np.float32) for name, rows in example["inputs"].items()}
    outputs = model.predict(inputs)
    for name, expected in example["outputs"].items():
        off = float(np.max(np.abs(np.asarray(outputs[name]).reshape(-1) - np.array(expected).reshape(-1))))
        spread = float(np.ptp(np.array(expected)))
        assert spread > 0, f"{name}: the examples all score the same"
        print(f"{version} {name}: {len(expected)} rows, pyfunc off by {off:.2e} at most, spread {spread:.3f}")
        assert off <= 1e-6 * max(1, float(np.max(np.abs(expected)))), f"{name} is off by {off}"
print("2 passed, 0 failed")
