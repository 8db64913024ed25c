"""mlebook: loss functions derived from maximum likelihood, proved, and run on real data.

``import mlebook`` is cheap: a submodule is imported when it is first used, so that who only
wants the data sets does not wait for torch, SymPy or matplotlib.

>>> import mlebook
>>> len(mlebook.datasets.newcomb_light())
66
"""
from importlib import import_module

__version__ = "0.1.0"

_SUBMODULES = (
    "catalog", "certificate", "checks", "datasets", "derivations", "divergences", "estimators",
    "exercises", "interactive", "losses", "plotting", "proof",
)
__all__ = ["__version__", *_SUBMODULES]


def __getattr__(name: str):
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
