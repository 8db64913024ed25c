"""Priors and penalties: what is proved, in the order of "Where does regularisation come from?".

The coin with a Beta prior is in :mod:`.coin`, the soft threshold and the ridge solution in
:mod:`.soft_threshold` and :mod:`.ridge`.
"""
from __future__ import annotations

from mlebook import proof
from mlebook.proof import (
    Attained,
    Definition,
    Derivation,
    Limit,
    Positive,
    PositiveFunction,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
)

from .coin import COIN
from .ridge import RIDGE
from .soft_threshold import SOFT_THRESHOLD

SLUG = "map"
_PRIOR = r"p_{\mathrm{prior}}"
LOG = "Everything is positive and the log increases: same maximisers."

#: The statements that carry the evidence of the certificate.
CLAIMS = {
    "L2": {"normalises": "gaussian_normalised", "nll": "gaussian_nll", "penalty": "l2",
           "gradient": "gaussian_gradient", "curvature": "gaussian_curvature"},
    "L1": {"normalises": "laplace_normalised", "nll": "laplace_nll", "penalty": "l1",
           "gradient": "laplace_gradient", "curvature": "laplace_curvature"},
}

GAUSSIAN = Definition("prior", "1/sqrt(2*pi*tau**2)*exp(-w**2/(2*tau**2))", ("w", "tau"),
                      tex=_PRIOR, address=f"{SLUG}.gaussian")
LAPLACE = Definition("prior", "1/(2*b)*exp(-abs(w)/b)", ("w", "b"), tex=_PRIOR,
                     address=f"{SLUG}.laplace")
_NOISE = Definition("p", "1/sqrt(2*pi*sigma**2)*exp(-(y - mu)**2/(2*sigma**2))",
                    ("y", "mu", "sigma"), address="squared_error.density")
_MEAN = Definition("y_bar", "1/n*sum(y[i] for i in n)")

_DATA = (Size("n"), Reals("y"), Reals("x"), proof.Function("f", tex="f_{{}}({})"),
         PositiveFunction("p"), PositiveFunction("prior", tex=_PRIOR), Real("theta"))
_LINEAR = (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)))
_LIKELIHOOD = "prod(p(y[i], f(theta, x[i])) for i in n)"
_NLL = "-sum(log(p(y[i], f(theta, x[i]))) for i in n)"
# any noise with a linear model, and Gaussian noise with one
_ANY = "prod(p(y[i], sum(X[i, j]*w[j] for j in d)) for i in n)"
_ANY_NLL = "-sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n)"
_GAUSS = "prod(p(y[i], sum(X[i, j]*w[j] for j in d), sigma) for i in n)"
_SQUARES = "sqnorm(y - X @ w)"
_ABS = "sum(abs(w[j]) for j in d)"


def _derivation(name, title, given, start, *steps, where=()):
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, where)


POSTERIOR = (
    _derivation(
        "posterior", "The mode of the posterior minimises loss plus penalty",
        (*_DATA, Positive("Z")), f"argmax(theta, {_LIKELIHOOD}*prior(theta)/Z)",
        Step(f"argmax(theta, log({_LIKELIHOOD}*prior(theta)/Z))", LOG, TakeLog()),
        Step(f"argmax(theta, {_NLL.replace('-sum', 'sum')} + log(prior(theta)))",
             "The log turns products into sums; the evidence $Z$ is free of $\\theta$.",
             SameMinimiser("1", "-log(Z)")),
        Step(f"argmin(theta, {_NLL} - log(prior(theta)))",
             "Turn the sign: the most likely becomes the least surprising.",
             SameMinimiser("-1", "0"))),
    _derivation(
        "flat", "A prior that is the same everywhere drops out",
        (*_DATA[:5], Real("theta"), Positive("Z"), Positive("u")),
        f"argmax(theta, {_LIKELIHOOD}*u/Z)",
        Step(f"argmax(theta, {_LIKELIHOOD})", "A positive factor that is free of $\\theta$.",
             SameMinimiser("u/Z", "0"))),
    _derivation(
        "shrunk_mean", "A mean, with a Gaussian prior around zero",
        (Size("n"), Reals("y"), Real("mu"), Positive("sigma"), Positive("tau")),
        "argmin(mu, sum((y[i] - mu)**2 for i in n)/(2*sigma**2) + mu**2/(2*tau**2))",
        Step("n*y_bar/(n + sigma**2/tau**2)", "Complete the square.",
             Attained("(n/(2*sigma**2) + 1/(2*tau**2))*(mu - n*y_bar/(n + sigma**2/tau**2))**2")),
        where=(_MEAN,)),
    _derivation(
        "prior_fades", "With more and more data the prior is forgotten",
        (Size("n"), Real("y_bar", tex="\\bar{y}"), Positive("sigma"), Positive("tau")),
        "n*y_bar/(n + sigma**2/tau**2)",
        Step("y_bar", "The prior weighs as much as $\\sigma^2/\\tau^2$ observations for every $n$.",
             Limit("n", "oo"))),
)

L2 = (
    proof.DisplayedDefinition(f"{SLUG}.gaussian", "The Gaussian prior of one weight", (), GAUSSIAN),
    _derivation(
        "gaussian_normalised", "The area is one", (Positive("tau"),),
        "integral(prior(w, tau) for w in R)",
        Step("1/sqrt(2*pi*tau**2)*sqrt(2*pi*tau**2)", "This is the Gaussian integral."),
        Step("1", "The constant in front was chosen for this."), where=(GAUSSIAN,)),
    _derivation(
        "gaussian_nll", "Minus its log", (Real("w"), Positive("tau")), "-log(prior(w, tau))",
        Step("w**2/(2*tau**2) + 1/2*log(2*pi*tau**2)",
             "The square comes down; the rest is free of $w$."), where=(GAUSSIAN,)),
    _derivation(
        "gaussian_gradient", "Its pull", (Real("w"), Positive("tau")),
        "diff(-log(prior(w, tau)), w)",
        Step("w/tau**2", "The larger the weight, the harder the pull."), where=(GAUSSIAN,)),
    _derivation(
        "gaussian_curvature", "Its curvature", (Real("w"), Positive("tau")),
        "diff(diff(-log(prior(w, tau)), w), w)",
        Step("1/tau**2", "The pull is a straight line in $w$."), where=(GAUSSIAN,)),
    _derivation(
        "l2", "A Gaussian prior is an L2 penalty",
        (*_LINEAR, PositiveFunction("p"), Positive("tau")),
        f"argmax(w, {_ANY}*prod(prior(w[j], tau) for j in d))",
        Step(f"argmax(w, log({_ANY}*prod(prior(w[j], tau) for j in d)))", LOG, TakeLog()),
        Step(f"argmin(w, {_ANY_NLL} + 1/(2*tau**2)*sqnorm(w))",
             "Turn the sign; leave out the prior's constant.",
             SameMinimiser("-1", "-d/2*log(2*pi*tau**2)")),
        Step(f"argmin(w, 1/n*({_ANY_NLL}) + 1/(2*n*tau**2)*sqnorm(w))",
             "The mean instead of the sum: the penalty is divided by $n$ as well.",
             SameMinimiser("n", "0")), where=(GAUSSIAN,)),
    _derivation(
        "l2_squares", "With Gaussian noise: ridge regression",
        (*_LINEAR, Positive("sigma"), Positive("tau")),
        f"argmax(w, {_GAUSS}*prod(prior(w[j], tau) for j in d))",
        Step(f"argmax(w, -n/2*log(2*pi*sigma**2) - {_SQUARES}/(2*sigma**2) "
             "- d/2*log(2*pi*tau**2) - sqnorm(w)/(2*tau**2))", "Take the log.", TakeLog()),
        Step(f"argmin(w, {_SQUARES} + sigma**2/tau**2*sqnorm(w))",
             "Multiply by $-2\\sigma^2$ and leave out what is free of $\\mathbf{w}$.",
             SameMinimiser("-1/(2*sigma**2)",
                           "-n/2*log(2*pi*sigma**2) - d/2*log(2*pi*tau**2)")),
        Step(f"argmin(w, 1/n*{_SQUARES} + sigma**2/(n*tau**2)*sqnorm(w))",
             "The mean instead of the sum.", SameMinimiser("n", "0")),
        where=(_NOISE, GAUSSIAN)),
    _derivation(
        "widths", "A Gaussian prior with a width for each weight",
        (*_LINEAR, PositiveFunction("p"), proof.Positives("t", sizes=("d",), tex="\\tau")),
        f"argmax(w, {_ANY}*prod(prior(w[j], t[j]) for j in d))",
        Step(f"argmax(w, {_ANY_NLL.replace('-sum', 'sum')} "
             "+ sum(log(prior(w[j], t[j])) for j in d))", LOG, TakeLog()),
        Step(f"argmin(w, {_ANY_NLL} + 1/2*sum(w[j]**2/t[j]**2 for j in d))",
             "Turn the sign; leave out the prior's constants.",
             SameMinimiser("-1", "-1/2*sum(log(2*pi*t[j]**2) for j in d)")), where=(GAUSSIAN,)),
    _derivation(
        "demo_value", "The prior of the demonstration", (), "(1/2)**2/(50*(1/10))",
        Step("1/20", "Fifty points, noise of scale one half, coefficient one tenth.")),
    _derivation(
        "l2_shrink", "One weight under an L2 penalty",
        (Real("a"), Real("w"), Positive("lam")),
        "argmin(w, (a - w)**2/2 + lam*w**2/2)",
        Step("a/(1 + lam)", "Complete the square.",
             Attained("(1 + lam)/2*(w - a/(1 + lam))**2"))),
)

L1 = (
    proof.DisplayedDefinition(f"{SLUG}.laplace", "The Laplace prior of one weight", (), LAPLACE),
    _derivation(
        "laplace_nll", "Minus its log", (Real("w"), Positive("b")), "-log(prior(w, b))",
        Step("abs(w)/b + log(2*b)", "The absolute value comes down; the rest is free of $w$."),
        where=(LAPLACE,)),
    _derivation(
        "laplace_normalised", "The area is one", (Positive("b"),),
        "integral(prior(w, b) for w in R)",
        Step("1/(2*b)*integral(exp(w/b) for w in below(0)) "
             "+ 1/(2*b)*integral(exp(-w/b) for w in above(0))", "Split at the kink."),
        Step("1/(2*b)*b + 1/(2*b)*b", "Two exponential tails."),
        Step("1", "The constant in front was chosen for this."), where=(LAPLACE,)),
    _derivation(
        "laplace_gradient", "Its pull", (Positive("b"), proof.Unequal("w", other="0")),
        "diff(-log(prior(w, b)), w)",
        Step("sign(w)/b", "Away from the kink the pull is the same for every weight."),
        where=(LAPLACE,)),
    _derivation(
        "laplace_curvature", "Its curvature", (Positive("b"), proof.Unequal("w", other="0")),
        "diff(diff(-log(prior(w, b)), w), w)",
        Step("0", "Away from the kink it is a straight line."), where=(LAPLACE,)),
    _derivation(
        "l1", "A Laplace prior is an L1 penalty",
        (*_LINEAR, PositiveFunction("p"), Positive("b")),
        f"argmax(w, {_ANY}*prod(prior(w[j], b) for j in d))",
        Step(f"argmax(w, log({_ANY}*prod(prior(w[j], b) for j in d)))", LOG, TakeLog()),
        Step(f"argmin(w, {_ANY_NLL} + 1/b*{_ABS})",
             "Turn the sign; leave out the prior's constant.",
             SameMinimiser("-1", "-d*log(2*b)")),
        Step(f"argmin(w, 1/n*({_ANY_NLL}) + 1/(n*b)*{_ABS})",
             "The mean instead of the sum: the penalty is divided by $n$ as well.",
             SameMinimiser("n", "0")), where=(LAPLACE,)),
    _derivation(
        "l1_squares", "With Gaussian noise: the lasso",
        (*_LINEAR, Positive("sigma"), Positive("b")),
        f"argmax(w, {_GAUSS}*prod(prior(w[j], b) for j in d))",
        Step(f"argmax(w, -n/2*log(2*pi*sigma**2) - {_SQUARES}/(2*sigma**2) "
             f"- d*log(2*b) - {_ABS}/b)", "Take the log.", TakeLog()),
        Step(f"argmin(w, {_SQUARES}/2 + sigma**2/b*{_ABS})",
             "Multiply by $-\\sigma^2$ and leave out what is free of $\\mathbf{w}$.",
             SameMinimiser("-1/sigma**2", "-n/2*log(2*pi*sigma**2) - d*log(2*b)")),
        Step(f"argmin(w, 1/n*{_SQUARES} + 2*sigma**2/(n*b)*{_ABS})",
             "The mean of whole squares instead of the sum of halves.",
             SameMinimiser("n/2", "0")),
        where=(_NOISE, LAPLACE)),
)

LIMITS = (
    _derivation(
        "mirror", "The posterior of a weight is higher on the data's side",
        (Real("a"), Real("w"), Positive("lam")),
        "log(exp(-(a - w)**2/2 - lam*abs(w))/exp(-(a - (-w))**2/2 - lam*abs(-w)))",
        Step("2*a*w", "The penalties are equal; of the squares the mixed terms are left.")),
    _derivation(
        "count", "Counting nonzero weights gives no area",
        (Positive("lam"), Positive("u")), "2*u*exp(-lam)",
        Step("oo", "The height $e^{-\\lambda}$ is the same all the way.", Limit("u", "oo"))),
    _derivation(
        "neighbour", "What one difference adds to the area",
        (Positive("lam"), Real("u")), "integral(exp(-lam*abs(w - u)) for w in R)",
        Step("integral(exp(lam*(w - u)) for w in below(u)) "
             "+ integral(exp(-lam*(w - u)) for w in above(u))", "Split at the kink."),
        Step("2/lam", "Two exponential tails, wherever the kink is.")),
    _derivation(
        "differences", "A penalty on differences gives no area",
        (Positive("lam"), Positive("u"), Size("d", least=2)), "2*u*(2/lam)**(d - 1)",
        Step("oo", "Nothing holds the first weight.", Limit("u", "oo"))),
    _derivation(
        "decay", "Under plain gradient descent the penalty is a decay",
        (Real("w"), Real("g"), Positive("eta"), Positive("lam")),
        "w - eta*(g + lam*w)",
        Step("(1 - eta*lam)*w - eta*g", "Collect the weight.")),
    _derivation(
        "adam_decay", "Adam's first step on a weight that only the penalty pulls",
        (Positive("w"), Positive("eta"), Positive("lam")),
        "w - eta*(lam*w/sqrt((lam*w)**2))",
        Step("w - eta", "Adam divides the gradient by its own size, and $\\lambda$ cancels.")),
)

STATEMENTS = (*POSTERIOR, *L2, *RIDGE, *L1, *SOFT_THRESHOLD, *COIN, *LIMITS)
