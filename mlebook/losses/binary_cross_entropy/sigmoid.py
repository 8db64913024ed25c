"""Binary cross-entropy: identities of sigmoid and softplus, and what a number inside a log does."""
from __future__ import annotations

from mlebook.proof import Greater, Limit, Positive, Real, Step, Unit

from .definitions import derivation

_Z = (Real("z"),)
_U = (*_Z, Positive("u"))
_FRACTION = "Multiply numerator and denominator by $\\exp(-z)$."


SIGMOID_STATEMENTS = (
    derivation(
        "complement", "Swapping the outcomes turns the logit's sign", _Z, "sigmoid(-z)",
        Step("1/(1 + exp(z))", "Put $-z$ in place of $z$."),
        Step("exp(-z)/(1 + exp(-z))", _FRACTION),
        Step("1 - sigmoid(z)", "The numerator is the denominator less one.")),
    derivation(
        "logit_inverse", "The logit is the logarithm of the odds", _Z,
        "log(sigmoid(z)/(1 - sigmoid(z)))",
        Step("log(sigmoid(z)/sigmoid(-z))", "The rest of the probability is the sigmoid of $-z$."),
        Step("log((1 + exp(z))/(1 + exp(-z)))", "Both are fractions with numerator one."),
        Step("log(exp(z))", "The denominator times $\\exp(z)$ is the numerator."),
        Step("z", "The log undoes exp.")),
    derivation(
        "log_sigmoid", "The log of the sigmoid is minus a softplus", _Z, "log(sigmoid(z))",
        Step("-log(1 + exp(-z))", "The log of one over a number is minus its log."),
        Step("-softplus(-z)", "This is the softplus of $-z$.")),
    derivation(
        "softplus_difference", "Two mirrored softplus differ by a straight line", _Z,
        "softplus(z) - softplus(-z)",
        Step("log((1 + exp(z))/(1 + exp(-z)))", "A difference of logs is the log of a ratio."),
        Step("log(exp(z))", "The denominator times $\\exp(z)$ is the numerator."),
        Step("z", "The log undoes exp.")),
    derivation(
        "stable", "The softplus without a large exponential", _Z, "softplus(z)",
        Step("max(z, 0) + softplus(-abs(z))",
             "For $z < 0$ nothing changes; for $z \\ge 0$ the mirrored softplus is less by $z$."),
        Step("max(z, 0) + log(1 + exp(-abs(z)))", "Write the softplus out.")),
    derivation(
        "sigmoid_slope", "How fast the sigmoid climbs", _Z, "diff(sigmoid(z), z)",
        Step("exp(-z)/(1 + exp(-z))**2", "The chain rule, for one over $1 + \\exp(-z)$."),
        Step("sigmoid(z)*(exp(-z)/(1 + exp(-z)))", "One factor is the sigmoid."),
        Step("sigmoid(z)*(1 - sigmoid(z))", "The other is what is missing to one.")),
    derivation(
        "softplus_slope", "The slope of the softplus is the sigmoid", _Z, "diff(softplus(z), z)",
        Step("exp(z)/(1 + exp(z))", "The chain rule, for the log of $1 + \\exp(z)$."),
        Step("sigmoid(z)", _FRACTION)),
)

EPS_STATEMENTS = (
    derivation(
        "eps_masses", "With a number inside the logs the masses sum to more than one", _U,
        "sum(p(y, z) + u for y in {0, 1})",
        Step("1 + 2*u", "Two masses sum to one, and each was given $u$ more.")),
    derivation(
        "eps_bias", "What a small number inside the log costs", (Unit("q"), Positive("u")),
        "(-log(q + u) - (-log(q)))/u",
        Step("-1/q", "It is the slope of $-\\log$ at $q$.", Limit("u", "0"))),
    derivation(
        "eps_cap", "The loss is capped", _U, "-log(sigmoid(z) + u)",
        Step("-log(u)", "The probability vanishes and $u$ is left.", Limit("z", "-oo"))),
    derivation(
        "eps_dies", "The slope dies where the model is most wrong", _U,
        "diff(-log(sigmoid(z) + u), z)",
        Step("-(1 - sigmoid(z))*sigmoid(z)/(sigmoid(z) + u)",
             "The chain rule: the slope of $-\\log$ times that of the sigmoid."),
        Step("0", "The sigmoid in the numerator vanishes, the denominator does not.",
             Limit("z", "-oo"))),
    derivation(
        "slope_lives", "Without it the slope stays", _Z, "diff(-log(sigmoid(z)), z)",
        Step("sigmoid(z) - 1", "The denominator cancels the sigmoid."),
        Step("-1", "The probability vanishes.", Limit("z", "-oo"))),
    derivation(
        "range", "Both probabilities are positive", _Z, "sigmoid(z)*(1 - sigmoid(z))",
        Step("0", "The exponential is positive, so one over $1 + \\exp(-z)$ is below one.",
             Greater())),
)
