"""The soft threshold: where an absolute value in the penalty makes a weight exactly zero."""
from __future__ import annotations

from mlebook.proof import (
    Attained,
    Bounded,
    Definition,
    Derivation,
    LassoSolution,
    NonzeroReals,
    Positive,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
)

SLUG = "map"

_LAM = Positive("lam")
_OBJECTIVE = "argmin(w, (a - w)**2/2 + lam*abs(w))"
_SOFT = Definition("w_hat", "sign(a)*max(abs(a) - lam, 0)")
_SQUARES = Definition("s", "sum(x[i]**2 for i in n)")
_RATIO = Definition("a", "1/s*sum(x[i]*r[i] for i in n)")


def _case(name, title, bound, point, reason, certificate):
    return Derivation(f"{SLUG}.soft_threshold_{name}", title, (_LAM, bound, Real("w")), _OBJECTIVE,
                      (Step(point, reason, Attained(certificate)),))


SOFT_THRESHOLD = (
    _case("above", "A large value is moved down by λ", Bounded("a", low="lam", strict=True),
          "a - lam", "To the right of zero the excess is a square; to the left the penalty adds "
          "to it.", "(w - (a - lam))**2/2 + lam*(abs(w) - w)"),
    _case("middle", "A small value becomes exactly zero", Bounded("a", low="-lam", high="lam"),
          "0", "As $|a| \\le \\lambda$, the penalty outweighs whatever $aw$ can gain.",
          "w**2/2 + (lam*abs(w) - a*w)"),
    _case("below", "A large negative value is moved up by λ",
          Bounded("a", high="-lam", strict=True), "a + lam",
          "To the left of zero the excess is a square; to the right the penalty adds to it.",
          "(w - (a + lam))**2/2 + lam*(abs(w) + w)"),
    Derivation(
        f"{SLUG}.soft_threshold", "The three cases in one formula", (Real("a"), _LAM, Real("w")),
        _OBJECTIVE,
        (Step("w_hat", "The slope $a - \\hat{w}$ of the square is at most $\\lambda$ in size, and "
              "equal to $\\lambda$ times the sign of $\\hat{w}$ where that is not zero.",
              Attained("(w - w_hat)**2/2 + (lam*abs(w) - (a - w_hat)*w)")),
         Step("sign(a)*max(abs(a) - lam, 0)", "Insert the definition.")), (_SOFT,)),
    Derivation(
        f"{SLUG}.coordinate", "One coordinate of the lasso is a soft threshold",
        (Size("n"), Reals("r"), NonzeroReals("x"), _LAM, Real("w")),
        "argmin(w, sum((r[i] - x[i]*w)**2 for i in n)/2 + lam*abs(w))",
        (Step("argmin(w, (a - w)**2/2 + lam/s*abs(w))",
              "Complete the square; divide by $s$ and leave out what is free of $w$.",
              SameMinimiser("s", "sum(r[i]**2 for i in n)/2 - s*a**2/2")),), (_SQUARES, _RATIO)),
    Derivation(
        f"{SLUG}.kkt", "Where the optimality conditions of the lasso hold, its minimum is attained",
        (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"),
         Reals("w", sizes=("d",)), LassoSolution("w_hat")),
        "argmin(w, sqnorm(y - X @ w)/2 + lam*sum(abs(w[j]) for j in d))",
        (Step("w_hat", "Complete the square around $\\hat{\\mathbf{w}}$; what is left, entry by "
              "entry, is not negative as $|c_j| \\le \\lambda$.",
              Attained("sqnorm(X @ (w - w_hat))/2 + sum(lam*abs(w[j]) - c[j]*w[j] for j in d)",
                       unique=False)),)),
)
