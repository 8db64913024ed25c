"""Timings as ratios, not part of the tests: ``python -m benchmarks.fit``."""
