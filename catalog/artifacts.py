"""Where MLflow keeps artifacts below their bucket: its server, and whoever looks beside it."""

ROOT = "mlflow"
