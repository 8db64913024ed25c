"""Timings as ratios, not part of the tests: ``python -m benchmarks.fit``.

One thread for each library: the problems are small, and threads that wait for one another cost
more than they give.  This is set here, before NumPy, SciPy and torch are imported.
"""
import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
