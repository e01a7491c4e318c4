"""An ordinary training script: it knows of MLflow, and of nothing else. Prints what a tracking store was told."""

import json
import os
import warnings

import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split

warnings.filterwarnings("ignore")
mlflow.set_experiment("iris")
mlflow.sklearn.autolog(log_models=True, max_tuning_runs=2)

features, labels = load_iris(return_X_y=True, as_frame=True)
train_x, test_x, train_y, test_y = train_test_split(features, labels, random_state=1)
with mlflow.start_run(run_name="tuned") as run:
    search = GridSearchCV(LogisticRegression(max_iter=500), {"C": [0.1, 1.0]}, cv=3)
    search.fit(train_x, train_y)
    mlflow.log_metric("test_accuracy", search.score(test_x, test_y))
    for step in range(20):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metric("diverged", float("nan"))
    mlflow.log_metric("unbounded", float("-inf"))
    mlflow.set_tag("team", "vision")
    mlflow.log_text("hello", "notes/note.txt")
    mlflow.log_dict({"labels": 3}, "labels.json")

client = mlflow.MlflowClient()
told = {}
for found in client.search_runs([run.info.experiment_id], order_by=["attributes.start_time ASC"]):
    history = {
        key: [[point.step, repr(point.value)] for point in client.get_metric_history(found.info.run_id, key)]
        for key in found.data.metrics
    }
    told[found.data.params.get("C", "?") + ("" if found.info.run_id == run.info.run_id else " child")] = {
        "metrics": history,
        "latest": {key: repr(value) for key, value in found.data.metrics.items()},
        "params": found.data.params,
        "status": found.info.status,
        "artifacts": sorted(file.path for file in client.list_artifacts(found.info.run_id)),
    }
model = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/best_estimator")
assert (model.predict(test_x) == search.predict(test_x)).all()
best = mlflow.search_runs([run.info.experiment_id], filter_string="metrics.loss < 0.5", output_format="list")
assert [found.info.run_id for found in best] == [run.info.run_id]
with open(os.environ["ORACLE"], "w") as file:
    json.dump(told, file)
