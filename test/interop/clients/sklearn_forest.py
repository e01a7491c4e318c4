"""An ordinary training script that knows of MLflow's autologging, and of nothing else."""

import warnings

import mlflow
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier

warnings.filterwarnings("ignore")
mlflow.autolog()
features, labels = load_digits(return_X_y=True)
RandomForestClassifier(n_estimators=10, random_state=1).fit(features, labels)
