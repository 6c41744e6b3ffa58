"""Shared by every package: settings, errors, MLflow's address, durable writes."""
