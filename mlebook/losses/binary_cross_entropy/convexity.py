"""Binary cross-entropy: where it has its minimum, and where it has none."""
from __future__ import annotations

from mlebook.proof import (
    AtLeast,
    Attained,
    Between,
    Bits,
    Definition,
    Greater,
    Limit,
    Positive,
    Positives,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
    Unit,
)

from .definitions import derivation

_Z = (Real("z"),)
_COIN = (Between("k", below="n"), Real("z"))
_LINEAR = (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Bits("y"), Reals("w", sizes=("d",)))
_LINE = (*_LINEAR, Reals("u", sizes=("d",)), Real("a"))
_MARGINS = (Size("n"), Positives("u"), Positive("a"))
_TOTAL = "sum(softplus(z[i]) - y[i]*z[i] for i in n)"
_ALONG = "sum(X[i, j]*u[j] for j in d)"
_BEND = f"sum(sigmoid(z[i])*(1 - sigmoid(z[i]))*({_ALONG})**2 for i in n)"
_SEPARATED = "sum(softplus(-a*u[i]) for i in n)"
_FALL = "sum(u[i]*sigmoid(-a*u[i]) for i in n)"
_SLOPE = "-2*sigmoid(z)*(1 - sigmoid(z))**2"
_CURVE = "2*sigmoid({0})*(1 - sigmoid({0}))**2*(3*sigmoid({0}) - 1)"


def _vector(name, entry):
    """A vector defined by its i-th entry, one for each observation."""
    return Definition(name, entry, ("i",), indexed=True, sizes=("n",))


CONSTANT = (
    derivation(
        "estimate", "The best logit for all is the logit of the share of ones", _COIN,
        "argmax(z, p(1, z)**k*p(0, z)**(n - k))",
        Step("argmax(z, k*z - n*softplus(z))",
             "Take the log; each observation brings $y z$ less a softplus.", TakeLog()),
        Step("argmin(z, n*softplus(z) - k*z)", "Turn the sign.", SameMinimiser("-1", "0")),
        Step("log(k/(n - k))", "No other $z$ does as well: what it loses is a sum of two $h$.",
             Attained("k*h(n*sigmoid(z)/k) + (n - k)*h(n*(1 - sigmoid(z))/(n - k))"))),
    derivation(
        "population", "The expected loss is least at the true probability",
        (Unit("m"), Real("z")), "argmin(z, m*softplus(-z) + (1 - m)*softplus(z))",
        Step("argmin(z, softplus(z) - m*z)", "The two softplus differ by $z$."),
        Step("log(m/(1 - m))", "What another $z$ loses is again a sum of two $h$.",
             Attained("m*h(sigmoid(z)/m) + (1 - m)*h((1 - sigmoid(z))/(1 - m))"))),
    derivation(
        "all_equal", "All ones: the loss falls towards zero", (Size("n"), *_Z),
        "n*softplus(z) - n*z",
        Step("n*softplus(-z)", "The two softplus differ by $z$."),
        Step("0", "The exponential in it vanishes.", Limit("z", "oo"))),
)

LINEAR = (
    derivation(
        "linear_gradient", "The gradient of a linear model", _LINEAR, f"diff({_TOTAL}, w)",
        Step("X.T @ (q - y)",
             "The chain rule: probability minus outcome, times how fast the logit moves."),
        where=(_vector("z", "sum(X[i, j]*w[j] for j in d)"), _vector("q", "sigmoid(z[i])"))),
    derivation(
        "convex", "Along every line the loss is convex", _LINE, f"diff(diff({_TOTAL}, a), a)",
        Step(f"diff(sum((sigmoid(z[i]) - y[i])*{_ALONG} for i in n), a)",
             "The first slope: probability minus outcome, times how fast the logit moves."),
        Step(_BEND, "The sigmoid's slope brings the same factor once more."),
        Step("0", "A sum of positive numbers times squares.", AtLeast(_BEND)),
        where=(_vector("z", "sum(X[i, j]*(w[j] + a*u[j]) for j in d)"),)),
)

SEPARABLE = (
    derivation(
        "separable", "With positive margins the loss falls to zero", _MARGINS, _SEPARATED,
        Step("0", "Each exponential in it vanishes.", Limit("a", "oo"))),
    derivation(
        "separable_positive", "No weights reach zero", (Size("n"), Reals("u")),
        "sum(softplus(-u[i]) for i in n)",
        Step("0", "Every softplus is positive.", Greater())),
    derivation(
        "separable_slope", "It falls for ever", _MARGINS, f"-diff({_SEPARATED}, a)",
        Step(_FALL, "The chain rule, one observation at a time."),
        Step("0", "Margins and sigmoids are positive.", Greater())),
)

SQUARED = (
    derivation(
        "squared_slope", "Squared error on a probability: the slope", _Z,
        "diff((sigmoid(z) - 1)**2, z)",
        Step("2*(sigmoid(z) - 1)*(sigmoid(z)*(1 - sigmoid(z)))",
             "The chain rule: the slope of the square times that of the sigmoid."),
        Step(_SLOPE, "Collect the factors.")),
    derivation(
        "squared_curvature", "Squared error on a probability: the curvature", _Z,
        "diff(diff((sigmoid(z) - 1)**2, z), z)",
        Step(f"diff({_SLOPE}, z)", "Insert the slope."),
        Step(_CURVE.format("z"), "Differentiate the product and take out the common factors.")),
    derivation(
        "squared_hollow", "It bends upwards at even odds", (), _CURVE.format("0"),
        Step("1/8", "The sigmoid of 0 is one half.")),
    derivation(
        "squared_bulge", "And downwards where the model is wrong", (), _CURVE.format("-log(3)"),
        Step("-9/128", "At odds of 1 to 3 the sigmoid is one quarter.")),
)

CONVEXITY_STATEMENTS = (*CONSTANT, *LINEAR, *SEPARABLE, *SQUARED)
