"""Absolute error: what is proved about it, in the order of the chapter "Why absolute error?"."""
from __future__ import annotations

from mlebook import proof
from mlebook.proof import Derivation, Positive, Real, Reals, Size, Step

from .density import DENSITY, SLUG
from .median import MEDIAN

#: The statements that carry the certificate's proofs.
CLAIMS = {"normalises": "normalised", "nll": "nll", "loss": "pointwise",
          "estimate": ("median_odd", "median_even"), "noise": "scale", "gradient": "gradient",
          "curvature": "curvature"}
#: How the statements above call the arguments of ``nll``.
SYMBOLS = {"prediction": "mu", "target": "y", "scale": "b"}

_ONE = (Real("y"), Real("mu"), Positive("b"))
_MODEL = (Size("n"), Reals("y"), Reals("x"), proof.Function("f", tex="f_{{}}({})"), Real("theta"),
          Positive("b"))
_LINEAR = (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)),
           Positive("b"))
_LIKELIHOOD = "prod(p(y[i], f(theta, x[i]), b) for i in n)"
_ERRORS = "sum(abs(y[i] - f(theta, x[i])) for i in n)"
_LOG_LIKELIHOOD = f"-n*log(2*b) - 1/b*{_ERRORS}"
_LINE = "sum(X[i, j]*w[j] for j in d)"


def _derivation(name, title, given, start, *steps, where=(DENSITY,)):
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, where)


STATEMENTS = (
    proof.DisplayedDefinition(DENSITY.address, "The Laplace density", (), DENSITY),
    _derivation(
        "noise", "Noise around zero is a target around the prediction", _ONE, "p(y - mu, 0, b)",
        Step("p(y, mu, b)", "Only the difference of the first two arguments enters.")),
    _derivation(
        "nll", "The negative log-likelihood of one observation", _ONE, "-log(p(y, mu, b))",
        Step("-log(1/(2*b)*exp(-abs(y - mu)/b))", "Insert the Laplace density."),
        Step("-log(1/(2*b)) - log(exp(-abs(y - mu)/b))",
             "The log of a product is the sum of the logs."),
        Step("abs(y - mu)/b + log(2*b)", "The log undoes exp and turns the inverse's sign.")),
    _derivation(
        "pointwise", "Absolute error is the negative log-likelihood, scaled and shifted", _ONE,
        "argmin(mu, abs(y - mu))",
        Step("argmin(mu, -log(p(y, mu, b)))",
             "Multiply by $b$ and take away a number that is free of $\\mu$.",
             proof.SameMinimiser("b", "-b*log(2*b)"))),
    _derivation(
        "log_likelihood", "The log-likelihood of n observations", _MODEL, f"log({_LIKELIHOOD})",
        Step("sum(log(p(y[i], f(theta, x[i]), b)) for i in n)",
             "The log of a product is the sum of the logs."),
        Step("sum(-log(2*b) - abs(y[i] - f(theta, x[i]))/b for i in n)",
             "Insert the result for one observation, with its sign turned."),
        Step(_LOG_LIKELIHOOD,
             "The first term is the same for all $n$ observations; a common factor moves out.")),
    _derivation(
        "mae", "Laplace noise leads to absolute error", _MODEL, f"argmax(theta, {_LIKELIHOOD})",
        Step(f"argmax(theta, log({_LIKELIHOOD}))",
             "The likelihood is positive and the log increases: same maximisers.", proof.TakeLog()),
        Step(f"argmax(theta, {_LOG_LIKELIHOOD})", "Insert the log-likelihood."),
        Step(f"argmin(theta, 1/n*{_ERRORS})",
             "Leave out a shift and a negative factor, both free of $\\theta$.",
             proof.SameMinimiser("-n/b", "-n*log(2*b)"))),
    _derivation(
        "affine", "Affine, not proportional", _MODEL, f"-log({_LIKELIHOOD})",
        Step(f"1/b*{_ERRORS} + n*log(2*b)",
             "Turn the sign of the log-likelihood: a factor in front and a shift behind.")),
    *MEDIAN,
    _derivation(
        "best_nll", "The negative log-likelihood at the best scale",
        (Size("n"), Positive("b_hat", tex="\\hat{b}")), "n*log(2*b_hat) + n*b_hat/b_hat",
        Step("n*log(2*b_hat) + n", "The mean absolute residual cancels."), where=()),
    _derivation(
        "dropped_constant", "Without its log the scale runs away",
        (Positive("b_hat", tex="\\hat{b}"), Positive("b")), "b_hat/b",
        Step("0", "It falls for ever as the scale grows.", proof.Limit("b", "oo")), where=()),
    _derivation(
        "linear", "With a linear model", _LINEAR,
        f"argmax(w, prod(p(y[i], {_LINE}, b) for i in n))",
        Step(f"argmax(w, -n*log(2*b) - 1/b*sum(abs(y[i] - {_LINE}) for i in n))",
             "Take the log; the densities' logs add up.", proof.TakeLog()),
        Step(f"argmin(w, sum(abs(y[i] - {_LINE}) for i in n))",
             "Leave out a shift and a negative factor.",
             proof.SameMinimiser("-1/b", "-n*log(2*b)"))),
    _derivation(
        "weighted", "Known, unequal scales lead to weighted absolute errors",
        (Size("n"), Reals("y"), proof.Positives("s", tex="b"), Real("mu")),
        "argmax(mu, prod(p(y[i], mu, s[i]) for i in n))",
        Step("argmax(mu, -sum(log(2*s[i]) + abs(y[i] - mu)/s[i] for i in n))",
             "Take the log: a sum of log-densities.", proof.TakeLog()),
        Step("argmin(mu, sum(abs(y[i] - mu)/s[i] for i in n))", "Leave out what is constant.",
             proof.SameMinimiser("-1", "-sum(log(2*s[i]) for i in n)"))),
)
