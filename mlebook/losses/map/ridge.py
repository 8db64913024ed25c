"""Ridge regression: a Gaussian prior on the weights of a linear model with Gaussian noise."""
from __future__ import annotations

from mlebook.proof import Attained, Derivation, Positive, Reals, RidgeSolution, Size, Step

SLUG = "map"

_MODEL = (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)),
          Positive("sigma"), Positive("tau"))
_OBJECTIVE = "sqnorm(y - X @ w)/(2*sigma**2) + sqnorm(w)/(2*tau**2)"
_EXCESS = "sqnorm(X @ (w - w_hat))/(2*sigma**2) + sqnorm(w - w_hat)/(2*tau**2)"

RIDGE = (
    Derivation(
        f"{SLUG}.ridge_gradient", "The gradient of the ridge objective", _MODEL,
        f"diff({_OBJECTIVE}, w)",
        (Step("1/tau**2*w - 1/sigma**2*(X.T @ (y - X @ w))",
              "The chain rule, one weight at a time."),
         Step("1/sigma**2*(sigma**2/tau**2*w - X.T @ (y - X @ w))",
              "It is zero where the ridge equations hold."))),
    Derivation(
        f"{SLUG}.ridge", "The solution of the ridge equations is the one global minimum",
        (*_MODEL, RidgeSolution("w_hat", penalty="sigma**2/tau**2")), f"argmin(w, {_OBJECTIVE})",
        (Step("argmin(w, sqnorm(y - X @ w_hat)/(2*sigma**2) + sqnorm(w_hat)/(2*tau**2) "
              f"+ ({_EXCESS}))",
              "Complete the squares around the solution: by the ridge equations the mixed terms "
              "cancel."),
         Step("w_hat", "The first part is fixed; the rest is never negative, and the last term "
              "vanishes at $\\hat{\\mathbf{w}}$ only.", Attained(_EXCESS)))),
)
