"""What the chapter "Which distance does it minimise?" proves.

Entropy, cross-entropy and the Kullback-Leibler divergence, for finitely many classes and for
densities; why maximum likelihood minimises the divergence, in which order of the two arguments,
and what holds exactly, what on average and what only in the limit.  Sources: Kullback and
Leibler (1951); Cover and Thomas (2006), chapters 2 and 8; Goodfellow, Bengio and Courville
(2016), section 5.5.
"""
from __future__ import annotations

from mlebook.derivations.divergence_densities import DENSITIES
from mlebook.proof import (
    AtLeast,
    Attained,
    ByConvexity,
    ByTheorem,
    Definition,
    Derivation,
    DisplayedDefinition,
    Function,
    Index,
    Labels,
    Limit,
    ModelFamily,
    Positive,
    PositiveFunction,
    Positives,
    Real,
    Reals,
    SameMinimiser,
    Simplex,
    Size,
    Step,
    TakeLog,
    Unit,
)


def _derivation(name, title, given, start, *steps, where=()):
    return Derivation(f"divergence.{name}", title, given, start, steps, where)


def _definition(name, title, given, definition, where=()):
    return DisplayedDefinition(f"divergence.{name}", title, given, definition, where)


# --- two distributions over K classes ------------------------------------------------------

TWO = (Size("K"), Simplex("p"), Simplex("q"))
ENTROPY = Definition("entropy", "-sum(p[c]*log(p[c]) for c in K)", ("p",),
                     tex=r"H\left({}\right)", address="divergence.entropy")
CROSS = Definition("cross_entropy", "-sum(p[c]*log(q[c]) for c in K)", ("p", "q"),
                   tex=r"H\left({}, {}\right)", address="divergence.cross_entropy")
KL = Definition("kl", "sum(p[c]*log(p[c]/q[c]) for c in K)", ("p", "q"),
                tex=r"\mathrm{KL}\left({} \parallel {}\right)", address="divergence.kl")
DISCRETE = (ENTROPY, CROSS, KL)
GAP = "sum(p[c]*h(q[c]/p[c]) for c in K)"
SPLIT_LOG = "The log of a quotient is the difference of the logs."

SURPRISE = (
    _derivation(
        "surprise", "Surprises add up", (Unit("a"), Unit("b")), "-log(a*b)",
        Step("-log(a) - log(b)", "The log of a product is the sum of the logs.")),
    _definition("entropy", "Entropy", TWO[:2], ENTROPY),
    _definition("cross_entropy", "Cross-entropy", TWO, CROSS),
    _definition("kl", "The Kullback-Leibler divergence", TWO, KL),
    _derivation(
        "bits", "A logarithm to base 2", (Positive("x"),), "2**(log(x)/log(2))",
        Step("exp(log(2)*(log(x)/log(2)))", "Write 2 as $\\exp(\\log 2)$."),
        Step("exp(log(x))", "The two $\\log 2$ cancel."),
        Step("x", "Raising 2 to this power returns $x$: it is the logarithm to base 2.")),
    _derivation(
        "uniform", "The entropy of K equally likely classes", (Size("K"),),
        "-sum(1/K*log(1/K) for c in K)",
        Step("sum(1/K*log(K) for c in K)", "Turn the fraction over and the sign with it."),
        Step("log(K)", "The $K$ terms are equal, and each is a $K$-th of the result.")),
    _derivation(
        "most_uncertain", "No distribution is more uncertain than the uniform one", TWO[:2],
        "log(K) - entropy(p)",
        Step("sum(p[c]*log(K*p[c]) for c in K)",
             "This is the divergence from $\\mathbf{p}$ to the distribution with all "
             "probabilities $1/K$."),
        Step("sum(p[c]*h(1/(K*p[c])) for c in K)", "Both of them sum to one."),
        Step("0", "A sum of products of positive numbers and values of $h$.",
             AtLeast("sum(p[c]*h(1/(K*p[c])) for c in K)")), where=(ENTROPY,)),
    _derivation(
        "split", "The divergence is a difference of two costs", TWO, "kl(p, q)",
        Step("sum(p[c]*(log(p[c]) - log(q[c])) for c in K)", SPLIT_LOG),
        Step("sum(p[c]*log(p[c]) for c in K) - sum(p[c]*log(q[c]) for c in K)",
             "The sum of a difference is the difference of the sums."),
        Step("cross_entropy(p, q) - entropy(p)",
             "These are the two definitions, each with its sign."), where=DISCRETE),
    _derivation(
        "decomposition", "Cross-entropy is entropy plus divergence", TWO, "cross_entropy(p, q)",
        Step("-sum(p[c]*log(p[c]*(q[c]/p[c])) for c in K)", "Multiply and divide by $p_c$."),
        Step("-sum(p[c]*log(p[c]) for c in K) - sum(p[c]*log(q[c]/p[c]) for c in K)",
             "The log of a product is the sum of the logs."),
        Step("-sum(p[c]*log(p[c]) for c in K) + sum(p[c]*log(p[c]/q[c]) for c in K)",
             "Turning a fraction over turns the sign of its log."),
        Step("entropy(p) + kl(p, q)", "These are the two definitions."), where=DISCRETE),
)

# --- never negative ------------------------------------------------------------------------

LEMMA = (
    _derivation("h_slope", "The slope of h", (Positive("x"),), "diff(h(x), x)",
                Step("diff(x - 1 - log(x), x)", "Insert $h$."),
                Step("1 - 1/x", "Differentiate each term.")),
    _derivation("h_curvature", "The curvature of h", (Positive("x"),), "diff(diff(h(x), x), x)",
                Step("diff(1 - 1/x, x)", "Insert the slope."),
                Step("1/x**2", "One over a square is positive.")),
    _derivation("h", "The lowest point of h", (Positive("x"),), "argmin(x, h(x))",
                Step("argmin(x, x - 1 - log(x))", "Insert $h$."),
                Step("1", "The slope is zero at $1$, and the curvature is positive everywhere.",
                     ByConvexity())),
    _derivation("h_value", "The value of h at its lowest point", (), "h(1)",
                Step("1 - 1 - log(1)", "Insert $h$."), Step("0", "The log of one is zero.")),
)

GIBBS = (
    _derivation(
        "gibbs", "The divergence is never negative", TWO, "kl(p, q)",
        Step("sum(p[c]*(-log(q[c]/p[c])) for c in K)",
             "Turning a fraction over turns the sign of its log."),
        Step("sum(p[c]*(q[c]/p[c] - 1 - log(q[c]/p[c])) for c in K)",
             "The new terms $q_c/p_c - 1$, weighted by $p_c$, are $q_c - p_c$. They sum to "
             "nothing, because both distributions sum to one."),
        Step(GAP, "The bracket is $h$ at the ratio $q_c/p_c$."),
        Step("0", "A sum of products of positive numbers and values of $h$.", AtLeast(GAP)),
        where=(KL,)),
    _derivation(
        "best_model", "The best model is the truth", TWO, "argmin(q, cross_entropy(p, q))",
        Step("argmin(q, kl(p, q))", "The entropy does not depend on $\\mathbf{q}$.",
             SameMinimiser("1", "entropy(p)")),
        Step("p", "The divergence is zero there, and positive as soon as one $q_c$ differs from "
                  "its $p_c$.", Attained(GAP)), where=DISCRETE),
    _derivation(
        "zero_log_zero", "The limit behind 0 log 0 = 0", (Positive("x"),), "x*log(x)",
        Step("0", "The power $x$ falls faster than the log grows.", Limit("x", "0"))),
    _derivation(
        "blow_up", "An outcome that the model excludes", (Positive("a"), Positive("x")),
        "a*log(a/x)",
        Step("oo", "The log of the ratio grows without bound as the model's probability $x$ of an "
                   "outcome of probability $a$ falls to zero.", Limit("x", "0"))),
    _derivation(
        "unseen", "If some classes have probability zero", (*TWO[:2], Positives("q", sizes=("K",))),
        "sum(p[c]*log(p[c]/q[c]) for c in K)",
        Step(f"{GAP} + (1 - sum(q[c] for c in K))",
             "Here $c$ runs over the classes that $\\mathbf{p}$ can produce; the $q_c$ of these "
             "need not sum to one.")),
    _derivation(
        "one_hot", "A one-hot target", (Size("K"), Index("t"), Simplex("q")),
        "-sum(delta(c, t)*log(q[c]) for c in K)",
        Step("-log(q[t])", "All terms vanish but the one of the true class $t$.")),
)

# --- not a distance: two coins, named by their probability of heads --------------------------

COINS = Definition("kl", "a*log(a/b) + (1 - a)*log((1 - a)/(1 - b))", ("a", "b"), tex=KL.tex)

NOT_A_DISTANCE = (
    _derivation(
        "asymmetry", "The order matters", (), "kl(1/2, 1/4) - kl(1/4, 1/2)",
        Step("1/2*log(4/3) - 1/4*log(27/16)", "Insert the two coins and collect the logs."),
        Step("1/4*log(256/243)", "As $256 > 243$, this is above zero."), where=(COINS,)),
    _derivation(
        "detour", "A detour is shorter", (), "kl(1/2, 1/10) - (kl(1/2, 1/4) + kl(1/4, 1/10))",
        Step("log(5/3) - (1/2*log(4/3) + 1/4*log(125/216*(5/2)))",
             "Insert the three coins and collect the logs."),
        Step("1/4*log(3)", "The fives and the twos cancel: the way through the coin in the middle "
                           "is shorter by a quarter of $\\log 3$."), where=(COINS,)),
)

# --- maximum likelihood ----------------------------------------------------------------------

FAMILY = (ModelFamily("q"), Real("theta"))
EMPIRICAL = Definition("p_hat", "1/n*sum(delta(x[i], c) for i in n)", ("c",), indexed=True,
                       address="divergence.empirical_law")
MODEL_KL = Definition("kl", "sum(p[c]*log(p[c]/q(c, theta)) for c in K)", ("theta",),
                      tex=r"\mathrm{KL}\left(\mathbf{p} \parallel \mathbf{q}_{{}}\right)")
MODEL_CROSS = Definition("cross_entropy", "-sum(p[c]*log(q(c, theta)) for c in K)", ("theta",),
                         tex=r"H\left(\mathbf{p}, \mathbf{q}_{{}}\right)")
EMPIRICAL_CROSS = Definition("cross_entropy", "-sum(p_hat[c]*log(q(c, theta)) for c in K)",
                             ("theta",), tex=r"H\left(\hat{\mathbf{p}}, \mathbf{q}_{{}}\right)")
MEAN_NLL = "-1/n*sum(log(q(x[i], theta)) for i in n)"
DATA = (Size("n"), Size("K"), Labels("x"))
RANDOM_DATA = (Size("n"), Size("K"), Simplex("p"))

LIKELIHOOD = (
    _definition("empirical_law", "The empirical law", DATA, EMPIRICAL),
    _derivation(
        "empirical_mean", "A sample mean is an expectation under the empirical law",
        (*DATA, Function("f")), "sum(p_hat[c]*f(c) for c in K)",
        Step("1/n*sum(sum(delta(x[i], c)*f(c) for c in K) for i in n)",
             "Insert the empirical law and exchange the two sums."),
        Step("1/n*sum(f(x[i]) for i in n)", "Of each inner sum the term $c = x_i$ is left."),
        where=(EMPIRICAL,)),
    _derivation(
        "mle_cross_entropy", "Maximum likelihood minimises a cross-entropy", (*DATA, *FAMILY),
        "argmax(theta, prod(q(x[i], theta) for i in n))",
        Step("argmax(theta, sum(log(q(x[i], theta)) for i in n))", "Take the log.", TakeLog()),
        Step(f"argmin(theta, {MEAN_NLL})", "Turn the sign and divide by $n$.",
             SameMinimiser("-n", "0")),
        Step("argmin(theta, -sum(p_hat[c]*log(q(c, theta)) for c in K))",
             "A sample mean is an expectation under the empirical law."),
        Step("argmin(theta, cross_entropy(theta))", "This is a cross-entropy."),
        where=(EMPIRICAL, EMPIRICAL_CROSS)),
    _derivation(
        "mle_kl", "The least cross-entropy is the least divergence",
        (Size("K"), Simplex("p"), PositiveFunction("q"), Real("theta")),
        "argmin(theta, cross_entropy(theta))",
        Step("argmin(theta, entropy(p) + kl(theta))", "Cross-entropy is entropy plus divergence."),
        Step("argmin(theta, kl(theta))", "The entropy is free of $\\theta$.",
             SameMinimiser("1", "entropy(p)")), where=(ENTROPY, MODEL_CROSS, MODEL_KL)),
    _derivation(
        "dropped_log", "Without the log the objective is a straight line", (Unit("theta"),),
        "diff(7/10*theta + 3/10*(1 - theta), theta)",
        Step("7/10 - 3/10", "Each term is linear in $\\theta$."),
        Step("2/5", "The slope never vanishes: the higher $\\theta$, the better.")),
    _derivation(
        "kept_log", "With the log it has one maximum, at the truth", (Unit("theta"),),
        "argmax(theta, 7/10*log(theta) + 3/10*log(1 - theta))",
        Step("7/10", "The slope is zero there, and the second derivative is negative everywhere.",
             ByConvexity())),
    _derivation(
        "right_on_average", "Right on average, for every n",
        (*RANDOM_DATA, *FAMILY, Labels("x", law="p")), f"E({MEAN_NLL})",
        Step("-1/n*sum(E(log(q(x[i], theta))) for i in n)", "An expectation is linear."),
        Step("cross_entropy(theta)",
             "Each observation takes the value $c$ with probability $p_c$; the $n$ equal terms "
             "cancel the $n$ below."), where=(MODEL_CROSS,)),
    _derivation(
        "law_of_large_numbers", "And in the limit",
        (*RANDOM_DATA, *FAMILY, Labels("x", law="p")), MEAN_NLL,
        Step("cross_entropy(theta)",
             "By the strong law of large numbers: the observations are independent with one law, "
             "and the log takes $K$ finite values, so its expectation exists.", ByTheorem()),
        where=(MODEL_CROSS,)),
    _derivation(
        "monte_carlo", "A mean log ratio estimates the divergence",
        (*RANDOM_DATA, Simplex("q"), Labels("x", law="p")),
        "E(1/n*sum(log(p[x[i]]/q[x[i]]) for i in n))",
        Step("1/n*sum(E(log(p[x[i]]/q[x[i]])) for i in n)", "An expectation is linear."),
        Step("kl(p, q)", "Each draw is $c$ with probability $p_c$."), where=(KL,)),
)

# --- with inputs -------------------------------------------------------------------------------

INPUTS = (Size("n"), Size("K"), Reals("x"))
MODEL = PositiveFunction("q", tex=r"q\left({} \mid {}; {}\right)")
LAW = (Simplex("rho", sizes=("n",)), PositiveFunction("p", tex=r"p\left({} \mid {}\right)"))
_P, _Q = "p(c, x[i])", "q(c, x[i], theta)"
ROWS = (*INPUTS[:2], Simplex("rho", sizes=("n",)), Simplex("P", sizes=("n", "K")),
        Simplex("Q", sizes=("n", "K")))
ROW_GAP = "sum(rho[i]*sum(P[i, c]*h(Q[i, c]/P[i, c]) for c in K) for i in n)"

CONDITIONAL = (
    _derivation(
        "conditional", "Averaged over the inputs", (*INPUTS, *LAW, MODEL, Real("theta")),
        f"argmin(theta, sum(sum(rho[i]*{_P}*log(rho[i]*{_P}/(rho[i]*{_Q})) for c in K) "
        "for i in n))",
        Step(f"argmin(theta, sum(rho[i]*sum({_P}*log({_P}/{_Q}) for c in K) for i in n))",
             "The weight $\\rho_i$ of the input $x_i$ cancels inside the log and moves out of the "
             "inner sum."),
        Step(f"argmin(theta, -sum(rho[i]*sum({_P}*log({_Q}) for c in K) for i in n))",
             "The mean entropy of the rows is free of $\\theta$.",
             SameMinimiser("1", f"sum(rho[i]*sum({_P}*log({_P}) for c in K) for i in n)"))),
    _derivation(
        "conditional_gibbs", "The mean divergence of the rows is never negative", ROWS,
        "sum(rho[i]*sum(P[i, c]*log(P[i, c]/Q[i, c]) for c in K) for i in n)",
        Step(ROW_GAP, "In each row both distributions sum to one."),
        Step("0", "A sum of products of positive numbers and values of $h$.", AtLeast(ROW_GAP))),
    _derivation(
        "labels", "With observed labels it is the mean negative log-likelihood",
        (*INPUTS, Labels("y"), MODEL, Real("theta")),
        f"-1/n*sum(sum(delta(y[i], c)*log({_Q}) for c in K) for i in n)",
        Step("-1/n*sum(log(q(y[i], x[i], theta)) for i in n)",
             "Of each inner sum the term of the observed label is left.")),
)

STATEMENTS = (*SURPRISE, *LEMMA, *GIBBS, *NOT_A_DISTANCE, *LIKELIHOOD, *DENSITIES, *CONDITIONAL)
