"""Logs until it is killed, and says so after each value."""

import os

import mlflow

print(os.getpid(), flush=True)

with mlflow.start_run():
    mlflow.log_param("lr", 0.01)
    for step in range(100_000):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
        print(step, flush=True)
