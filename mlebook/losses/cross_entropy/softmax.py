"""Logits and softmax: what is proved about them, for any number of classes K."""
from __future__ import annotations

from mlebook.losses.binary_cross_entropy.definitions import SIGMOID, SOFTPLUS
from mlebook.proof import (
    AtLeast,
    Definition,
    Derivation,
    DisplayedDefinition,
    Index,
    Limit,
    Positive,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
)

SLUG = "cross_entropy"
CLASSES = (Size("K"), Reals("z", sizes=("K",)))
TRUE, CLASS, OTHER = Index("t"), Index("c"), Index("j")
SOFTMAX = Definition("q", "exp(z[c])/sum(exp(z[j]) for j in K)", ("c",), indexed=True,
                     address=f"{SLUG}.softmax")
LSE = Definition("lse", "log(sum(exp(z[c]) for c in K))", ("z",),
                 tex=r"\operatorname{lse}\left({}\right)", address=f"{SLUG}.lse")
LINE = Definition("q", "exp(z[c] + a*u[c])/sum(exp(z[j] + a*u[j]) for j in K)", ("c", "a"),
                  tex=r"q_{{}}\left({}\right)")
_MEAN = Definition("u_bar", "sum(q[c]*u[c] for c in K)")
_SPREAD = "sum(q[c]*(u[c] - u_bar)**2 for c in K)"
_LINE_MEAN = "sum(q(j, a)*u[j] for j in K)"
_LINE_SPREAD = f"sum(q(c, a)*(u[c] - {_LINE_MEAN})**2 for c in K)"
_ONE_HOT_PRODUCT = "prod(q[c]**delta(t, c) for c in K)"
_TRUE_CLASS = "exp(z)/(exp(z) + b)"
_PAIR = ("log(exp(a)/(exp(a) + exp(b)))", "log(exp(b)/(exp(a) + exp(b)))")


def derivation(name, title, given, start, *steps, where=(SOFTMAX, LSE)):
    """A statement of this chapter."""
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, where)


DEFINITIONS = (
    DisplayedDefinition(SOFTMAX.address, "Softmax", CLASSES, SOFTMAX),
    derivation(
        "softmax_sum", "Softmax is a distribution", CLASSES, "sum(q[c] for c in K)",
        Step("sum(exp(z[c]) for c in K)/sum(exp(z[j]) for j in K)",
             "The denominator is the same for all classes and moves out of the sum."),
        Step("1", "Numerator and denominator are one sum under two names."), where=(SOFTMAX,)),
    derivation(
        "shift", "One number added to all logits changes nothing", (*CLASSES, Real("a"), CLASS),
        "exp(z[c] + a)/sum(exp(z[j] + a) for j in K)",
        Step("exp(a)*exp(z[c])/(exp(a)*sum(exp(z[j]) for j in K))",
             "Split each exponential; $\\exp a$ moves out of the sum."),
        Step("q[c]", "It cancels."), where=(SOFTMAX,)),
    derivation(
        "log_odds", "A difference of logits is the log of a ratio of probabilities",
        (*CLASSES, CLASS, OTHER), "log(q[c]/q[j])",
        Step("log(exp(z[c])/exp(z[j]))", "The two denominators are equal and cancel."),
        Step("z[c] - z[j]", "The log of a quotient; log undoes exp."), where=(SOFTMAX,)),
    DisplayedDefinition(LSE.address, "Log-sum-exp", CLASSES, LSE),
)

LOSS = (
    derivation(
        "nll", "The negative log-likelihood of one label", (*CLASSES, TRUE),
        f"-log({_ONE_HOT_PRODUCT})",
        Step("-sum(delta(t, c)*log(q[c]) for c in K)",
             "The log of a product is the sum of the logs; exponents become factors."),
        Step("-log(q[t])", "All terms vanish but the one of the true class."),
        Step("-log(exp(z[t])/sum(exp(z[c]) for c in K))", "Insert softmax."),
        Step("log(sum(exp(z[c]) for c in K)) - z[t]",
             "The log of a quotient, its sign turned; log undoes exp."),
        Step("lse(z) - z[t]", "This is log-sum-exp.")),
    derivation(
        "pointwise", "Cross-entropy is the negative log-likelihood, with nothing left out",
        (*CLASSES, TRUE), "argmin(z, lse(z) - z[t])",
        Step(f"argmin(z, -log({_ONE_HOT_PRODUCT}))", "The factor is one and the shift is zero.",
             SameMinimiser("1", "0"))),
    derivation(
        "stable", "Any number may be taken out of log-sum-exp", (*CLASSES, Real("a")), "lse(z)",
        Step("log(sum(exp(a)*exp(z[c] - a) for c in K))", "Take $\\exp a$ out of each term."),
        Step("a + log(sum(exp(z[c] - a) for c in K))",
             "The common factor leaves the sum, and its log is $a$."), where=(LSE,)),
)

SLOPES = (
    derivation(
        "lse_gradient", "The slope of log-sum-exp is softmax", (*CLASSES, CLASS),
        "diff(lse(z), z[c])",
        Step("diff(sum(exp(z[j]) for j in K), z[c])/sum(exp(z[j]) for j in K)",
             "The derivative of a log is that of its argument over the argument."),
        Step("exp(z[c])/sum(exp(z[j]) for j in K)", "One term of the sum contains $z_c$."),
        Step("q[c]", "This is softmax.")),
    derivation(
        "gradient", "Softmax minus one-hot", (*CLASSES, TRUE, CLASS), "diff(-log(q[t]), z[c])",
        Step("diff(lse(z) - z[t], z[c])", "Insert the loss."),
        Step("q[c] - delta(c, t)", "The slope of log-sum-exp is softmax, and that of $z_t$ is 1 in "
                                   "its own place and 0 elsewhere.")),
    derivation(
        "gradient_sum", "The gradient sums to zero", (*CLASSES, TRUE),
        "sum(q[c] - delta(c, t) for c in K)",
        Step("sum(q[c] for c in K) - 1", "One of the deltas is 1."),
        Step("0", "Softmax sums to one."), where=(SOFTMAX,)),
    derivation(
        "curvature", "The Hessian", (*CLASSES, TRUE, CLASS, OTHER),
        "diff(diff(-log(q[t]), z[c]), z[j])",
        Step("diff(q[c] - delta(c, t), z[j])", "Insert the gradient."),
        Step("q[c]*(delta(c, j) - q[j])",
             "The quotient rule; the delta of the label does not contain a logit."),
        where=(SOFTMAX,)),
    derivation(
        "semidefinite", "The Hessian measures a variance",
        (*CLASSES, Reals("u", sizes=("K",))),
        "sum(sum(u[c]*(q[c]*(delta(c, j) - q[j]))*u[j] for j in K) for c in K)",
        Step("sum(q[c]*u[c]**2 for c in K) - u_bar**2",
             "The delta leaves one sum of the two; the other part is a product of two sums."),
        Step(_SPREAD, "The mean square minus the square of the mean is the mean squared "
                      "deviation, since the $q_c$ sum to one."),
        Step("0", "A sum of squares with positive weights.", AtLeast(_SPREAD)),
        where=(SOFTMAX, _MEAN)),
    derivation(
        "flat", "It is flat along a common shift", (*CLASSES, Real("a")),
        "sum(sum(a*(q[c]*(delta(c, j) - q[j]))*a for j in K) for c in K)",
        Step("a**2*(sum(q[c] for c in K) - sum(q[c] for c in K)**2)", "Take $a$ out of the sums."),
        Step("0", "Softmax sums to one."), where=(SOFTMAX,)),
    derivation(
        "convex", "Along every line the loss bends upwards",
        (*CLASSES, Reals("u", sizes=("K",)), TRUE, Real("a")),
        "diff(diff(log(sum(exp(z[c] + a*u[c]) for c in K)) - (z[t] + a*u[t]), a), a)",
        Step("diff(sum(q(c, a)*u[c] for c in K) - u[t], a)",
             "The slope of log-sum-exp is softmax, times the inner derivative."),
        Step("sum(q(c, a)*u[c]**2 for c in K) - sum(q(c, a)*u[c] for c in K)**2",
             "Differentiate softmax once more."),
        Step(_LINE_SPREAD, "Again the variance of the $u_c$ under softmax."),
        Step("0", "A sum of squares with positive weights.", AtLeast(_LINE_SPREAD)),
        where=(LINE,)),
    derivation(
        "ray", "The slope along a line of logits",
        (*CLASSES, Reals("u", sizes=("K",)), TRUE, Real("a")),
        "diff(log(sum(exp(z[c] + a*u[c]) for c in K)) - (z[t] + a*u[t]), a)",
        Step("sum(q(c, a)*u[c] for c in K) - u[t]",
             "The slope of log-sum-exp is softmax, times the inner derivative."),
        Step("-sum(q(c, a)*(u[t] - u[c]) for c in K)", "The $q_c$ sum to one."), where=(LINE,)),
    derivation(
        "wrong", "A confident mistake keeps its slope", (Real("z"), Positive("b")),
        f"diff(-log({_TRUE_CLASS}), z)",
        Step(f"{_TRUE_CLASS} - 1", "Softmax minus one-hot, for the true class."),
        Step("-1", "The probability of the true class tends to zero.", Limit("z", "-oo")),
        where=()),
    derivation(
        "wrong_square", "Squared error loses it", (Real("z"), Positive("b"), Positive("a")),
        f"diff((1 - {_TRUE_CLASS})**2 + a/(exp(z) + b)**2, z)",
        Step("-2*(b**2 + a)*exp(z)/(exp(z) + b)**3", "The quotient rule."),
        Step("0", "The numerator vanishes, the denominator does not.", Limit("z", "-oo")),
        where=()),
)

TWO_CLASSES = (
    derivation(
        "two_classes", "With two classes softmax is a sigmoid", (Real("a"), Real("b")),
        "exp(b)/(exp(a) + exp(b))",
        Step("1/(exp(a)*exp(-b) + 1)", "Divide both by $\\exp b$."),
        Step("sigmoid(b - a)", "Only the difference of the two logits is left."),
        where=(SIGMOID,)),
    derivation(
        "two_classes_loss", "And cross-entropy is binary cross-entropy",
        (Real("a"), Real("b"), Real("y")), f"-((1 - y)*{_PAIR[0]} + y*{_PAIR[1]})",
        Step("-((1 - y)*log(1 - sigmoid(b - a)) + y*log(sigmoid(b - a)))",
             "The second class has the probability $\\operatorname{sigmoid}(b - a)$, the first "
             "class the rest."),
        Step("softplus(b - a) - y*(b - a)", "The form with one logit."),
        where=(SIGMOID, SOFTPLUS)),
)
