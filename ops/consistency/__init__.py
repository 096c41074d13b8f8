"""One point for MLflow's database and its artifacts, which come over by different ways."""
