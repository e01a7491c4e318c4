"""Registers a model, gives it an alias, and loads it by that."""

import mlflow
from sklearn.linear_model import LinearRegression

model = LinearRegression().fit([[0.0], [1.0]], [0.0, 2.0])
with mlflow.start_run():
    mlflow.sklearn.log_model(
        model,
        name="line",
        registered_model_name="Line",
        serialization_format="cloudpickle",
        pip_requirements=["scikit-learn"],
    )
client = mlflow.MlflowClient()
client.set_registered_model_alias("Line", "champion", "1")
client.set_model_version_tag("Line", "1", "reviewed", "yes")
loaded = mlflow.sklearn.load_model("models:/Line@champion")
assert abs(loaded.predict([[2.0]])[0] - 4.0) < 1e-9
assert client.get_model_version("Line", "1").tags == {"reviewed": "yes"}
