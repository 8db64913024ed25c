"""Settings of the property tests: no time limits (machines differ), the same draws every run."""
from hypothesis import settings

settings.register_profile("mlebook", deadline=None, derandomize=True)
settings.load_profile("mlebook")
