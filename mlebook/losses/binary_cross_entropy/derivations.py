"""Binary cross-entropy: what is proved about it; the chapter "Why binary cross-entropy?".

The statements on the sigmoid and on convexity are in :mod:`.sigmoid` and :mod:`.convexity`.
"""
from __future__ import annotations

from mlebook.proof import (
    Bits,
    DisplayedDefinition,
    Function,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
)

from .convexity import CONVEXITY_STATEMENTS
from .definitions import MASS, SIGMOID, SOFTPLUS, derivation
from .sigmoid import EPS_STATEMENTS, SIGMOID_STATEMENTS

#: The statements that carry the certificate's proofs.
CLAIMS = {"normalises": "normalised", "nll": "nll", "loss": "pointwise", "estimate": "estimate",
          "gradient": "gradient", "curvature": "curvature"}
#: How the statements above call the arguments of ``nll``.
SYMBOLS = {"prediction": "z", "target": "y"}

_Z = (Real("z"),)
_ONE = (Real("y"), Real("z"))
_MODEL = (Size("n"), Bits("y"), Reals("x"), Function("f", tex="f_{{}}({})"), Real("theta"))
_SAMPLE = (Size("n"), Bits("y"), Reals("z"))
_LIKELIHOOD = "prod(p(y[i], f(theta, x[i])) for i in n)"
_BOTH = "y[i]*log(sigmoid({0})) + (1 - y[i])*log(1 - sigmoid({0}))"
_ENTROPIES = _BOTH.format("f(theta, x[i])")
_LOGITS = "softplus(f(theta, x[i])) - y[i]*f(theta, x[i])"
_LOGS = "The log of a power brings the exponent down. One minus sign stands before both terms."


MASSES = (
    DisplayedDefinition(MASS.address, "The Bernoulli mass function of a logit", _Z, MASS,
                        (SIGMOID,)),
    derivation(
        "normalised", "The two masses sum to one", _Z, "sum(p(y, z) for y in {0, 1})",
        Step("(1 - sigmoid(z)) + sigmoid(z)", "Write the mass of a 0, then that of a 1."),
        Step("1", "What one outcome has, the other has not.")),
    derivation(
        "mean", "The expectation", _Z, "sum(y*p(y, z) for y in {0, 1})",
        Step("sigmoid(z)", "Only the outcome 1 counts, with its probability.")),
    derivation(
        "variance", "The variance", _Z, "sum((y - sigmoid(z))**2*p(y, z) for y in {0, 1})",
        Step("sigmoid(z)**2*(1 - sigmoid(z)) + (1 - sigmoid(z))**2*sigmoid(z)",
             "Weigh the two squared distances from the mean by their probabilities."),
        Step("sigmoid(z)*(1 - sigmoid(z))", "Take out the common factor; the rest sums to one.")),
)

LOSSES = (
    DisplayedDefinition(SOFTPLUS.address, "The softplus", _Z, SOFTPLUS),
    derivation(
        "nll", "The negative log-likelihood of one observation", _ONE, "-log(p(y, z))",
        Step("-log(sigmoid(z)**y*(1 - sigmoid(z))**(1 - y))", "Insert the mass function."),
        Step("-(y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z)))", _LOGS),
        Step("y*softplus(-z) + (1 - y)*softplus(z)", "Each log is minus a softplus."),
        Step("softplus(z) - y*(softplus(z) - softplus(-z))", "Collect what is multiplied by $y$."),
        Step("softplus(z) - y*z", "The two softplus differ by $z$.")),
    derivation(
        "pointwise", "Binary cross-entropy is the negative log-likelihood itself", _ONE,
        "argmin(z, -(y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z))))",
        Step("argmin(z, -log(p(y, z)))", "Nothing is scaled and nothing is left out.",
             SameMinimiser("1", "0"))),
    derivation(
        "chain", "Bernoulli outcomes lead to binary cross-entropy", _MODEL,
        f"argmax(theta, {_LIKELIHOOD})",
        Step(f"argmax(theta, log({_LIKELIHOOD}))",
             "The likelihood is positive and the log increases: same maximisers.", TakeLog()),
        Step("argmax(theta, sum(log(p(y[i], f(theta, x[i]))) for i in n))",
             "The log of a product is the sum of the logs."),
        Step(f"argmax(theta, sum({_ENTROPIES} for i in n))",
             "The log of a power brings the exponent down. The sum covers both terms."),
        Step(f"argmin(theta, -1/n*sum({_ENTROPIES} for i in n))",
             "Turn the sign, and divide by $n$, which is positive and free of $\\theta$.",
             SameMinimiser("-n", "0"))),
    derivation(
        "logits_form", "The same loss, written with logits", _MODEL,
        f"-1/n*sum({_ENTROPIES} for i in n)",
        Step(f"1/n*sum({_LOGITS} for i in n)",
             "Insert the result for one observation, with the logit $f_{\\theta}(x_i)$.")),
    derivation(
        "brackets", "What the missing bracket costs", _SAMPLE,
        "-sum(y[i]*log(sigmoid(z[i])) for i in n) + sum((1 - y[i])*log(1 - sigmoid(z[i])) "
        "for i in n)",
        Step(f"-sum({_BOTH.format('z[i]')} for i in n) "
             "+ 2*sum((1 - y[i])*log(1 - sigmoid(z[i])) for i in n)",
             "Add and take away the second sum: its sign was turned.")),
)

SLOPES = (
    derivation(
        "gradient", "The slope: probability minus outcome", _ONE, "diff(-log(p(y, z)), z)",
        Step("diff(softplus(z) - y*z, z)", "Insert the loss of one observation."),
        Step("sigmoid(z) - y", "The slope of the softplus is the sigmoid.")),
    derivation(
        "curvature", "The curvature", _ONE, "diff(diff(-log(p(y, z)), z), z)",
        Step("diff(sigmoid(z) - y, z)", "Insert the slope."),
        Step("sigmoid(z)*(1 - sigmoid(z))", "This is how fast the sigmoid climbs.")),
)

STATEMENTS = (*MASSES, *SIGMOID_STATEMENTS, *LOSSES, *SLOPES, *EPS_STATEMENTS,
              *CONVEXITY_STATEMENTS)
