"""Heteroscedastic regression: what is proved, in the order of its chapter.

``mu`` is the location, ``s`` the log-variance log σ²; both are outputs of the model.  What
fails and what helps is in :mod:`.remedies`.
"""
from __future__ import annotations

from mlebook import proof
from mlebook.losses.heteroscedastic.remedies import REMEDIES
from mlebook.losses.heteroscedastic.shared import (
    DENSITY,
    MEAN,
    MEAN_SQUARE,
    ONE,
    derivation,
)
from mlebook.proof import (
    Attained,
    DisplayedDefinition,
    NonzeroReals,
    Positive,
    Real,
    Reals,
    Size,
    Step,
)

#: The statements that carry the certificate's proofs; one for each entry of a vector or matrix.
CLAIMS = {"normalises": "normalised", "nll": "nll", "loss": "pointwise",
          "estimate": ("best_loc", "best_log_variance"),
          "gradient": ("gradient_loc", "gradient_log_variance"),
          "curvature": (("curvature_loc", "curvature_mixed"),
                        ("curvature_mixed", "curvature_log_variance"))}
#: How the statements above call the arguments of ``nll``.
SYMBOLS = {"prediction": ("mu", "s"), "target": "y"}

_NLL = "-log(p(y, mu, s))"
_MODEL = (Size("n"), Reals("y"), Reals("x"), proof.Function("f", tex="f_{{}}({})"),
          proof.Function("g", tex="g_{{}}({})"), Real("theta"))
_LIKELIHOOD = "prod(p(y[i], f(theta, x[i]), g(theta, x[i])) for i in n)"
_COSTS = ("sum(1/2*(g(theta, x[i]) + (y[i] - f(theta, x[i]))**2*exp(-g(theta, x[i])))"
          " for i in n)")
_LINE = "sum(X[i, k]*w[k] for k in d)"
_EXPECTED = "1/2*(log(2*pi) + s + (v + u**2)*exp(-s))"
_SCORES = {"loc": "((y - mu)*exp(-s))", "log_variance": "(1/2*((y - mu)**2*exp(-s) - 1))"}

MODEL = (
    DisplayedDefinition(DENSITY.address, "The Gaussian density in log-variance form", (), DENSITY),
    derivation(
        "log_variance", "The same Gaussian as before", (Real("y"), Real("mu"), Positive("sigma")),
        "p(y, mu, log(sigma**2))",
        Step("1/sqrt(2*pi*sigma**2)*exp(-(y - mu)**2/(2*sigma**2))",
             "The exponential undoes the log: $e^{s} = \\sigma^2$.")),
    derivation(
        "normalised", "The area is one", ONE[1:], "integral(p(y, mu, s) for y in R)",
        Step("1/sqrt(2*pi*exp(s))*integral(exp(-u**2/(2*exp(s))) for u in R)",
             "Substitute $u = y - \\mu$ and take the constant out."),
        Step("1", "This is the Gaussian integral, with $e^{s}$ in the place of $\\sigma^2$.")),
    derivation(
        "nll", "The negative log-likelihood of one observation", ONE, _NLL,
        Step("-log(1/sqrt(2*pi*exp(s))) - log(exp(-(y - mu)**2/(2*exp(s))))",
             "Insert the density; the log of a product is the sum of the logs."),
        Step("1/2*log(2*pi*exp(s)) + (y - mu)**2/(2*exp(s))",
             "A power inside a log becomes a factor in front, and log undoes exp."),
        Step("1/2*(log(2*pi) + s + (y - mu)**2*exp(-s))",
             "The log undoes the other exponential too, and dividing by $e^{s}$ is "
             "multiplying by $e^{-s}$.")),
    derivation(
        "stable", "The square is taken last", ONE, "(y - mu)**2*exp(-s)",
        Step("((y - mu)*exp(-s/2))**2", "The root of $e^{-s}$ is $e^{-s/2}$."), where=()),
    derivation(
        "pointwise", "The loss in the libraries is shifted by half the log of two pi",
        (Real("y"), Real("theta"), proof.Function("f", tex="f_{{}}({})"),
         proof.Function("g", tex="g_{{}}({})"), Real("x")),
        "argmin(theta, 1/2*(g(theta, x) + (y - f(theta, x))**2*exp(-g(theta, x))))",
        Step("argmin(theta, -log(p(y, f(theta, x), g(theta, x))))",
             "Take away a number that is free of both outputs.",
             proof.SameMinimiser("1", "-1/2*log(2*pi)"))),
    derivation(
        "chain", "From the likelihood to the loss, with two outputs", _MODEL,
        f"argmax(theta, {_LIKELIHOOD})",
        Step(f"argmax(theta, log({_LIKELIHOOD}))",
             "The likelihood is positive and the log increases: same maximisers.",
             proof.TakeLog()),
        Step(f"argmax(theta, -n/2*log(2*pi) - {_COSTS})",
             "The log of the product is a sum; insert the result for one observation."),
        Step(f"argmin(theta, 1/n*{_COSTS})",
             "Leave out a shift and a negative factor, both free of $\\theta$.",
             proof.SameMinimiser("-n", "-n/2*log(2*pi)"))),
    derivation(
        "constant", "With one log-variance for all it is squared error again",
        (*_MODEL[:4], Real("theta"), Real("s")),
        "argmin(theta, 1/n*sum(1/2*(s + (y[i] - f(theta, x[i]))**2*exp(-s)) for i in n))",
        Step("argmin(theta, 1/n*sum((y[i] - f(theta, x[i]))**2 for i in n))",
             "If $s$ does not depend on $\\theta$, it gives a shift and a positive factor.",
             proof.SameMinimiser("1/2*exp(-s)", "1/2*s")), where=()),
    derivation(
        "units", "In other units only a constant changes", (*ONE, Positive("a")),
        "-log(p(a*y, a*mu, s + 2*log(a)))",
        Step("-log(p(y, mu, s)) + log(a)",
             "Residual and scale both grow by the factor $a$, so their ratio stays.")),
)

SLOPES = (
    derivation(
        "gradient_loc", "The slope in the location", ONE, f"diff({_NLL}, mu)",
        Step("diff(1/2*(y - mu)**2*exp(-s), mu)", "The other terms are free of $\\mu$."),
        Step("(mu - y)*exp(-s)", "The derivative of a square.")),
    derivation(
        "gradient_log_variance", "The slope in the log-variance", ONE, f"diff({_NLL}, s)",
        Step("1/2 + 1/2*(y - mu)**2*diff(exp(-s), s)", "The first term is $s/2$."),
        Step("1/2*(1 - (y - mu)**2*exp(-s))", "The exponential is its own derivative, with "
             "the sign of $-s$.")),
    derivation(
        "curvature_loc", "The curvature in the location", ONE, f"diff(diff({_NLL}, mu), mu)",
        Step("exp(-s)", "The slope is a straight line in $\\mu$.")),
    derivation(
        "curvature_mixed", "The mixed second derivative", ONE, f"diff(diff({_NLL}, mu), s)",
        Step("(y - mu)*exp(-s)", "Differentiate $e^{-s}$ in the slope.")),
    derivation(
        "curvature_log_variance", "The curvature in the log-variance", ONE,
        f"diff(diff({_NLL}, s), s)",
        Step("1/2*(y - mu)**2*exp(-s)", "Differentiate $e^{-s}$ once more.")),
    derivation(
        "determinant", "The two together are not convex", ONE,
        f"diff(diff({_NLL}, mu), mu)*diff(diff({_NLL}, s), s) - diff(diff({_NLL}, mu), s)**2",
        Step("exp(-s)*(1/2*(y - mu)**2*exp(-s)) - ((y - mu)*exp(-s))**2",
             "Insert the three second derivatives."),
        Step("-1/2*((y - mu)*exp(-s))**2", "Half a square minus a whole one.")),
    derivation(
        "weighted", "Given the log-variances, the weights of the mean solve weighted equations",
        (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"), Reals("s"),
         Reals("w", sizes=("d",)), proof.Index("j", size="d")),
        f"diff(sum(-log(p(y[i], {_LINE}, s[i])) for i in n), w[j])",
        Step(f"-sum(X[i, j]*(y[i] - {_LINE})*exp(-s[i]) for i in n)",
             "The chain rule: each observation's slope, times its $j$-th feature.")),
)

ESTIMATES = (
    derivation(
        "best_single", "The best log-variance for one residual", (Positive("r", tex="|r|"),
                                                                  Real("s")),
        "argmin(s, 1/2*(s + r**2*exp(-s)))",
        Step("log(r**2)", "The excess over the value there is $h$ of a ratio that is 1 only "
             "there.", Attained("1/2*h(r**2*exp(-s))")), where=()),
    derivation(
        "best_loc", "The best location of a group, whatever its log-variance",
        (Size("n"), Reals("y"), Real("mu"), Real("s")),
        "argmin(mu, sum(-log(p(y[i], mu, s)) for i in n))",
        Step("y_bar", "Complete the square; the deviations from the mean sum to zero.",
             Attained("n/2*exp(-s)*(mu - y_bar)**2")), where=(DENSITY, MEAN)),
    derivation(
        "best_log_variance", "The best log-variance of a group",
        (Size("n"), NonzeroReals("r"), Real("s")),
        "argmin(s, sum(-log(p(r[i], 0, s)) for i in n))",
        Step("argmin(s, n/2*(s + v*exp(-s)))",
             "Collect the squared residuals in their mean.",
             proof.SameMinimiser("1", "n/2*log(2*pi)")),
        Step("log(v)", "The excess is $h$ of a ratio that is 1 only there.",
             Attained("n/2*h(v*exp(-s))")), where=(DENSITY, MEAN_SQUARE)),
    derivation(
        "expected", "What a wrong mean does to the log-variance",
        (proof.Random("Y", mean="m", variance="v"), Real("u"), Real("s")),
        "argmin(s, E(-log(p(Y, m + u, s))))",
        Step(f"argmin(s, {_EXPECTED})", "Mean and variance are all that a quadratic sees."),
        Step("log(v + u**2)", "The squared error $u^2$ of the location is booked as noise.",
             Attained("1/2*h((v + u**2)*exp(-s))"))),
    derivation(
        "information_loc", "The Fisher information about the location", ONE[1:],
        f"integral(p(y, mu, s)*{_SCORES['loc']}**2 for y in R)",
        Step("exp(-s)", "It is the variance, over its own square.")),
    derivation(
        "information_log_variance", "The Fisher information about the log-variance", ONE[1:],
        f"integral(p(y, mu, s)*{_SCORES['log_variance']}**2 for y in R)",
        Step("1/2", "The fourth moment of a Gaussian is three times its squared variance.")),
    derivation(
        "information_cross", "The two outputs leave each other alone", ONE[1:],
        f"integral(p(y, mu, s)*{_SCORES['loc']}*{_SCORES['log_variance']} for y in R)",
        Step("0", "Odd moments of a symmetric density vanish.")),
    derivation(
        "tasks", "Two tasks in one network", (Real("y", tex="y_1"), Real("mu", tex="\\mu_1"),
                                              Real("s", tex="s_1"), Real("z", tex="y_2"),
                                              Real("m", tex="\\mu_2"), Real("t", tex="s_2")),
        "-log(p(y, mu, s)*p(z, m, t))",
        Step("-log(p(y, mu, s)) - log(p(z, m, t))", "The log of a product."),
        Step("1/2*(y - mu)**2*exp(-s) + 1/2*(z - m)**2*exp(-t) + 1/2*s + 1/2*t + log(2*pi)",
             "Each task's squared error is divided by twice its own variance.")),
)

STATEMENTS = (*MODEL, *SLOPES, *ESTIMATES, *REMEDIES)
