"""Fitting by maximum likelihood, with an honest report of convergence.

A fit minimises the negative log-likelihood (nll, in nats, summed over the data).  It says
``converged`` only when the stated stopping rule is met; otherwise ``message`` says why it
stopped, also when there is no finite estimate at all.

Source: chapter "What does maximum likelihood do?"; Nocedal and Wright 2006, *Numerical
Optimization*, chapters 3 and 7.
"""
from .general import NEWTON_LIMIT, fit, sweep
from .least_squares import least_squares
from .linear import design_matrix, fit_linear
from .penalised import (
    PenalisedFit,
    PenalisedPath,
    lasso,
    lasso_path,
    ridge,
    ridge_path,
    standardised,
)
from .posterior import PosteriorFit, fit_map
from .quantile import QuantileFit, fit_quantile
from .result import FitResult

__all__ = ["NEWTON_LIMIT", "FitResult", "PenalisedFit", "PenalisedPath", "PosteriorFit",
           "QuantileFit", "design_matrix", "fit", "fit_linear", "fit_map", "fit_quantile",
           "lasso", "lasso_path", "least_squares", "ridge", "ridge_path", "standardised", "sweep"]
