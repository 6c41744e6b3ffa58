"""The baseline model: training, registry, predictions.

The word cleaning in `training.text` is part of every stored model.
"""
