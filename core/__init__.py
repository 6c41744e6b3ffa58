"""What every package uses: settings, errors, MLflow's address, durable writes."""
