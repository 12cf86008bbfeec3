"""Accuracy, speed and surge calibration: each prints a table and writes JSON to `benchmarks/results`."""
