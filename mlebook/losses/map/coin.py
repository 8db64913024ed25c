"""The coin with a Beta prior: the mode depends on the name of the parameter.

k heads in n flips; the prior is Beta(a, b), which is θ^(a−1) (1−θ)^(b−1) up to its constant.
"""
from __future__ import annotations

from mlebook.derivations.maximum_likelihood import SIGMOID
from mlebook.proof import (
    Attained,
    Between,
    Bounded,
    Derivation,
    Positive,
    Real,
    Step,
    TakeLog,
    Unit,
)

_LOG = "Everything is positive and the log increases: same maximisers."
_FLIPS = (Between("k", below="n"),)

COIN = (
    Derivation(
        "map.beta_mode", "The mode, as a density of the probability of heads",
        given=(*_FLIPS, Bounded("a", low="1"), Bounded("b", low="1"), Unit("theta"),
               Positive("Z")),
        start="argmax(theta, theta**k*(1 - theta)**(n - k)*theta**(a - 1)*(1 - theta)**(b - 1)/Z)",
        steps=(
            Step("argmax(theta, (a - 1 + k)*log(theta) + (b - 1 + n - k)*log(1 - theta) - log(Z))",
                 _LOG, TakeLog()),
            Step("(a - 1 + k)/(a + b - 2 + n)", "Elsewhere two terms with $h$ are lost.",
                 Attained("(a - 1 + k)*h(theta*(a + b - 2 + n)/(a - 1 + k)) + (b - 1 + n - k)"
                          "*h((1 - theta)*(a + b - 2 + n)/(b - 1 + n - k))")))),
    Derivation(
        "map.beta_logit", "The mode, as a density of the logit",
        given=(*_FLIPS, Positive("a"), Positive("b"), Real("z")), where=(SIGMOID,),
        start="argmax(z, sigmoid(z)**(k + a - 1)*(1 - sigmoid(z))**(n - k + b - 1)"
              "*diff(sigmoid(z), z))",
        steps=(
            Step("argmax(z, (k + a - 1)*log(sigmoid(z)) + (n - k + b - 1)*log(1 - sigmoid(z))"
                 " + log(diff(sigmoid(z), z)))", _LOG, TakeLog()),
            Step("argmax(z, (k + a)*log(sigmoid(z)) + (n - k + b)*log(1 - sigmoid(z)))",
                 "The Jacobian is the sigmoid's slope, $\\theta\\,(1 - \\theta)$: one more head "
                 "and one more tail."),
            Step("log((k + a)/(n - k + b))", "Elsewhere two terms with $h$ are lost.",
                 Attained("(k + a)*h(sigmoid(z)*(n + a + b)/(k + a)) + (n - k + b)"
                          "*h((1 - sigmoid(z))*(n + a + b)/(n - k + b))")))),
    Derivation(
        "map.beta_logit_mode", "That mode as a probability of heads",
        given=(*_FLIPS, Positive("a"), Positive("b")), where=(SIGMOID,),
        start="sigmoid(log((k + a)/(n - k + b)))",
        steps=(Step("(a + k)/(a + b + n)", "The sigmoid undoes the logit."),)),
    Derivation(
        "map.beta_score", "The relative slope of a Beta density with one more head and tail",
        given=(*_FLIPS, Positive("a"), Positive("b"), Unit("theta")),
        start="diff(log(theta**(k + a)*(1 - theta)**(n - k + b)), theta)",
        steps=(
            Step("(k + a)/theta - (n - k + b)/(1 - theta)", "The log turns powers into factors."),
            Step("((a + k) - (a + b + n)*theta)/(theta*(1 - theta))",
                 "Over one denominator; the terms with both $k$ and $\\theta$ cancel."))),
)
