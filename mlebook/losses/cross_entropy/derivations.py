"""Cross-entropy: what is proved about it, in the order of the chapter "Why cross-entropy?"."""
from __future__ import annotations

from mlebook import proof
from mlebook.losses.cross_entropy import softmax
from mlebook.losses.cross_entropy.softmax import CLASSES, LSE, SLUG, SOFTMAX, TRUE, derivation
from mlebook.proof import (
    AtLeast,
    Attained,
    Definition,
    DisplayedDefinition,
    Index,
    Labels,
    Limit,
    Reals,
    SameMinimiser,
    Simplex,
    Size,
    Step,
    TakeLog,
)

#: The statements that carry the certificate's proofs.
CLAIMS = {"normalises": "normalised", "nll": "nll", "loss": "pointwise", "estimate": "estimate",
          "gradient": "gradient", "curvature": "curvature"}
#: How the statements above call the arguments of ``nll``; ``row`` and ``column`` are the classes
#: of an entry of gradient and Hessian.
SYMBOLS = {"prediction": "z", "target": "t", "classes": "K", "row": "c", "column": "j"}

MASS = Definition("p", "prod(q[c]**delta(t, c) for c in K)", ("t", "q"),
                  tex=r"p\left({}; {}\right)", address=f"{SLUG}.mass")
EMPIRICAL = Definition("p_hat", "1/n*sum(delta(y[i], c) for i in n)", ("c",), indexed=True)
FITTED = Definition("p", "exp(z_hat[c])/sum(exp(z_hat[j]) for j in K)", ("c",), indexed=True)
SMOOTHED = Definition("p", "(1 - gamma)*delta(c, t) + gamma/K", ("c",), indexed=True,
                      address=f"{SLUG}.smoothed")
ROW = Definition("q", "exp(z(c, x, theta))/sum(exp(z(j, x, theta)) for j in K)",
                 ("c", "x", "theta"), tex=r"q\left({} \mid {}; {}\right)")
WEIGHTED = Definition("Q", "exp(z[i, c] + x[i]*w[c])/sum(exp(z[i, j] + x[i]*w[j]) for j in K)",
                      ("i", "c"), indexed=True)
_LAW = (Size("K"), Simplex("q"))
_DATA = (Size("n"), Size("K"), Reals("x"), Labels("y"))
_MODEL = proof.PositiveFunction("q", tex=r"q\left({} \mid {}; {}\right)")
_LOGITS = proof.Function("z", tex=r"z_{{}}\left({}; {}\right)")
_THETA, _AMOUNT = proof.Real("theta"), proof.Unit("gamma")
_EXCESS = "sum(p[c]*h(q[c]/p[c]) for c in K)"
_COEFFICIENT = "factorial(n)/prod(factorial(k[c]) for c in K)"
_LOG_COEFFICIENT = "log(factorial(n)) - sum(log(factorial(k[c])) for c in K)"

LAW = (
    DisplayedDefinition(MASS.address, "The categorical mass function", (*_LAW, TRUE), MASS),
    derivation(
        "picks", "It picks one of the probabilities", (*_LAW, TRUE), "p(t, q)",
        Step("q[t]", "Every factor with exponent 0 is 1; the factor of class $t$ is left."),
        where=(MASS,)),
    derivation(
        "normalised", "The probabilities sum to one", _LAW, "sum(p(t, q) for t in K)",
        Step("sum(q[t] for t in K)", "Each mass is one of the $q_t$."),
        Step("1", "They sum to one."), where=(MASS,)),
    derivation(
        "mean", "The expectation of the one-hot label", (*_LAW, Index("c")),
        "sum(p(t, q)*delta(t, c) for t in K)",
        Step("q[c]", "Of the sum only the term of $t = c$ is left."), where=(MASS,)),
    derivation(
        "multinomial", "The multinomial coefficient drops out",
        (Size("n"), Size("K"), proof.Counts("k", sizes=("K",)), Simplex("q")),
        f"argmax(q, {_COEFFICIENT}*prod(q[c]**k[c] for c in K))",
        Step(f"argmax(q, {_LOG_COEFFICIENT} + sum(k[c]*log(q[c]) for c in K))",
             "Take the log.", TakeLog()),
        Step("argmin(q, -sum(k[c]*log(q[c]) for c in K))",
             "Turn the sign and leave out what is free of $\\mathbf{q}$.",
             SameMinimiser("-1", _LOG_COEFFICIENT)), where=()),
)

CHAIN = (
    derivation(
        "chain", "From the likelihood to cross-entropy", (*_DATA, _MODEL, _THETA),
        "argmax(theta, prod(prod(q(c, x[i], theta)**delta(y[i], c) for c in K) for i in n))",
        Step("argmax(theta, prod(q(y[i], x[i], theta) for i in n))",
             "Each inner product picks the probability of the observed label."),
        Step("argmax(theta, sum(log(q(y[i], x[i], theta)) for i in n))",
             "The likelihood is positive and the log increases: same maximisers.", TakeLog()),
        Step("argmin(theta, 1/n*sum(-log(q(y[i], x[i], theta)) for i in n))",
             "Turn the sign and divide by $n$.", SameMinimiser("-n", "0")),
        Step("argmin(theta, 1/n*sum(-sum(delta(y[i], c)*log(q(c, x[i], theta)) for c in K) "
             "for i in n))", "Write the one term as a sum over all classes: a cross-entropy of "
                             "one-hot label and model, averaged over the data."), where=()),
    derivation(
        "mean_loss", "In logits", (*_DATA, _LOGITS, _THETA),
        "1/n*sum(-log(q(y[i], x[i], theta)) for i in n)",
        Step("1/n*sum(log(sum(exp(z(c, x[i], theta)) for c in K)) - z(y[i], x[i], theta) "
             "for i in n)", "Insert the loss of one label."), where=(ROW,)),
    derivation(
        "perplexity", "The exponential of the mean loss", (*_DATA, _MODEL, _THETA),
        "exp(1/n*sum(-log(q(y[i], x[i], theta)) for i in n))",
        Step("prod(q(y[i], x[i], theta) for i in n)**(-1/n)",
             "A sum of logs is the log of the product; the factor becomes an exponent."),
        where=()),
    derivation(
        "weights", "The gradient in the weights of one feature",
        (*_DATA[:3], Reals("z", sizes=("n", "K")), Reals("w", sizes=("K",)), _DATA[3], Index("c")),
        "diff(sum(log(sum(exp(z[i, j] + x[i]*w[j]) for j in K)) - (z[i, y[i]] + x[i]*w[y[i]]) "
        "for i in n), w[c])",
        Step("sum((Q[i, c] - delta(y[i], c))*x[i] for i in n)",
             "Softmax minus one-hot in each row, times the inner derivative $x_i$."),
        where=(WEIGHTED,)),
)

ESTIMATE = (
    derivation(
        "counts", "Only the shares of the classes matter",
        (Size("n"), Size("K"), Labels("y"), CLASSES[1]), "1/n*sum(-log(q[y[i]]) for i in n)",
        Step("-sum(p_hat[c]*log(q[c]) for c in K)",
             "Collect the observations of each class: this is a cross-entropy."),
        Step("lse(z) - sum(p_hat[c]*z[c] for c in K)", "Insert softmax; the shares sum to one."),
        where=(SOFTMAX, LSE, EMPIRICAL)),
    derivation(
        "estimate", "The best logits give the target's own probabilities",
        (*CLASSES, Reals("z_hat", sizes=("K",))), "argmin(z, -sum(p[c]*log(q[c]) for c in K))",
        Step("z_hat", "The excess is the divergence from $\\mathbf{p}$ to $\\mathbf{q}$.",
             Attained(_EXCESS, unique=False)), where=(SOFTMAX, FITTED)),
    derivation(
        "log_shares", "Log probabilities are logits, whatever is added to them",
        (Size("K"), Simplex("p"), proof.Real("a"), Index("c")),
        "exp(log(p[c]) + a)/sum(exp(log(p[j]) + a) for j in K)",
        Step("p[c]/sum(p[j] for j in K)", "The factor $\\exp a$ cancels; exp undoes log."),
        Step("p[c]", "The probabilities sum to one."), where=()),
)

_GENERAL = (Size("K"), Simplex("p"), CLASSES[1])
_SMOOTH = (Size("K"), TRUE, _AMOUNT)

SOFT = (
    derivation(
        "soft", "With a distribution as the target", _GENERAL, "-sum(p[c]*log(q[c]) for c in K)",
        Step("-sum(p[c]*(z[c] - lse(z)) for c in K)", "Insert the log of softmax."),
        Step("lse(z) - sum(p[c]*z[c] for c in K)", "The $p_c$ sum to one.")),
    derivation(
        "soft_gradient", "Softmax minus target", (*_GENERAL, Index("c")),
        "diff(-sum(p[j]*log(q[j]) for j in K), z[c])",
        Step("diff(lse(z) - sum(p[j]*z[j] for j in K), z[c])", "Insert the loss."),
        Step("q[c] - p[c]", "As before, with $p_c$ in place of the delta.")),
    derivation(
        "floor", "The loss cannot fall below the entropy of the target", _GENERAL,
        "-sum(p[c]*log(q[c]) for c in K)",
        Step(f"-sum(p[c]*log(p[c]) for c in K) + {_EXCESS}",
             "Entropy plus divergence, the latter as a sum of values of $h$."),
        Step("-sum(p[c]*log(p[c]) for c in K)", "The divergence is never negative.",
             AtLeast(_EXCESS)), where=(SOFTMAX,)),
    DisplayedDefinition(SMOOTHED.address, "A smoothed label", _SMOOTH, SMOOTHED),
    derivation(
        "smoothed_sum", "It is a distribution", _SMOOTH, "sum(p[c] for c in K)",
        Step("1 - gamma + gamma", "One of the deltas is 1, and there are $K$ equal shares."),
        Step("1", "The amount $\\gamma$ cancels."), where=(SMOOTHED,)),
    derivation(
        "smoothed_loss", "Two losses, mixed", (*_SMOOTH, CLASSES[1]),
        "-sum(p[c]*log(q[c]) for c in K)",
        Step("(1 - gamma)*(-log(q[t])) + gamma*(-1/K*sum(log(q[c]) for c in K))",
             "The delta leaves the term of the label; the rest is a mean over all classes."),
        where=(SOFTMAX, SMOOTHED)),
    derivation(
        "smoothed_mean", "What a smoothed label is on average",
        (Size("K"), Simplex("p"), _AMOUNT, Index("c")),
        "sum(p[t]*((1 - gamma)*delta(c, t) + gamma/K) for t in K)",
        Step("(1 - gamma)*p[c] + gamma/K",
             "The delta leaves one term; the rest sums to one."), where=()),
    derivation(
        "smoothed_gap", "The gap between the best logits", (Size("K"), _AMOUNT),
        "log(1 - gamma + gamma/K) - log(gamma/K)",
        Step("log((1 - gamma + gamma/K)/(gamma/K))",
             "The log-odds of the true class against any other one."),
        Step("log(1 + K*(1 - gamma)/gamma)", "Multiply numerator and denominator by $K/\\gamma$."),
        where=()),
    derivation(
        "hard_gap", "Without smoothing the gap has no end", (Size("K"), proof.Positive("gamma")),
        "log(1 + K*(1 - gamma)/gamma)",
        Step("oo", "The fraction grows without bound.", Limit("gamma", "0")), where=()),
)

STATEMENTS = (*LAW, *softmax.DEFINITIONS, *softmax.LOSS, *CHAIN, *softmax.SLOPES, *ESTIMATE, *SOFT,
              *softmax.TWO_CLASSES)
