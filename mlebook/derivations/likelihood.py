"""The statements of the chapter "What makes data likely?".

The coin's parameter theta is the probability of heads; ``p`` is a mass function or a density.

The Poisson statements of the same page are in :mod:`.likelihood_poisson`.

Sources: Bishop (2006), sections 1.2.4 and 2.1; Goodfellow, Bengio and Courville (2016),
section 5.5.
"""
from mlebook.proof import (
    AtLeast,
    Attained,
    Between,
    Bits,
    ByConvexity,
    Definition,
    Derivation,
    DisplayedDefinition,
    Positive,
    PositiveFunction,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
    Unit,
)

from .likelihood_poisson import POISSON_STATEMENTS

# --- three flips of a coin -------------------------------------------------------------

BERNOULLI = Definition("p", "theta**y*(1 - theta)**(1 - y)", ("y", "theta"),
                       address="likelihood.bernoulli")
COIN_LIKELIHOOD = Definition("L", "theta**2*(1 - theta)", ("theta",))

bernoulli = DisplayedDefinition(
    "likelihood.bernoulli", "The Bernoulli mass function", (Unit("theta"),), BERNOULLI)

coin = Derivation(
    "likelihood.coin", "How likely are Heads, Heads, Tail?",
    given=(Unit("theta"),), where=(BERNOULLI,),
    start="p(1, theta)*p(1, theta)*p(0, theta)",
    steps=(
        Step("theta*theta*(1 - theta)",
             "A head has the probability $\\theta$, a tail has the rest, $1 - \\theta$."),
        Step("theta**2*(1 - theta)", "Two equal factors make a square."),
    ))

coin_values = Derivation(
    "likelihood.coin_values", "Two candidates compared",
    given=(), where=(COIN_LIKELIHOOD,),
    start="L(2/3) - L(1/2)",
    steps=(
        Step("(2/3)**2*(1 - 2/3) - (1/2)**2*(1 - 1/2)",
             "Put the two candidates in place of $\\theta$."),
        Step("4/27 - 1/8", "Multiply the fractions: $4/9$ times $1/3$, and one half three times."),
        Step("32/216 - 27/216", "Write both over one denominator."),
        Step("5/216", "The difference is positive: $2/3$ makes the flips more likely."),
    ))

coin_gap = Derivation(
    "likelihood.coin_gap", "No probability of heads does better than 2/3",
    given=(Unit("theta"),),
    start="4/27 - theta**2*(1 - theta)",
    steps=(
        Step("theta**3 - theta**2 + 4/27", "Multiply out and put the highest power first."),
        Step("(theta - 2/3)**2*(theta + 1/3)",
             "Factorise: the polynomial touches zero at $\\theta = 2/3$, so the square of "
             "$\\theta - 2/3$ divides it."),
        Step("0", "A square times a positive number is never negative.",
             AtLeast("(theta - 2/3)**2*(theta + 1/3)")),
    ))

coin_maximum = Derivation(
    "likelihood.coin_maximum", "The best probability of heads for Heads, Heads, Tail",
    given=(Unit("theta"),),
    start="argmax(theta, theta**2*(1 - theta))",
    steps=(Step("2/3", "The likelihood falls short of its value at $2/3$ by the certificate, "
                       "which is zero only there.", Attained("(theta - 2/3)**2*(theta + 1/3)")),))

coin_slope = Derivation(
    "likelihood.coin_slope", "The slope of the log-likelihood",
    given=(Unit("theta"),),
    start="diff(2*log(theta) + log(1 - theta), theta)",
    steps=(
        Step("2/theta - 1/(1 - theta)",
             "The slope of $\\log \\theta$ is $1/\\theta$; the chain rule gives the minus sign."),
        Step("(2 - 3*theta)/(theta*(1 - theta))", "Bring both over one denominator."),
    ))

coin_calculus = Derivation(
    "likelihood.coin_calculus", "The same maximum by calculus",
    given=(Unit("theta"),),
    start="argmax(theta, theta**2*(1 - theta))",
    steps=(
        Step("argmax(theta, log(theta**2*(1 - theta)))",
             "The logarithm increases, so it keeps the place of the maximum.", TakeLog()),
        Step("argmax(theta, 2*log(theta) + log(1 - theta))",
             "The log of a product is the sum of the logs."),
        Step("2/3", "The slope is zero at $2/3$, and the second derivative is negative "
                    "everywhere, so this is the only maximum.", ByConvexity()),
    ))

# --- k heads in n flips ------------------------------------------------------------------

heads = Derivation(
    "likelihood.heads", "The best probability of heads for k heads in n flips",
    given=(Between("k", below="n"), Unit("theta")),
    start="argmax(theta, theta**k*(1 - theta)**(n - k))",
    steps=(
        Step("argmax(theta, log(theta**k*(1 - theta)**(n - k)))",
             "The logarithm increases, so it keeps the place of the maximum.", TakeLog()),
        Step("argmax(theta, k*log(theta) + (n - k)*log(1 - theta))",
             "The log of a product is a sum, and the log of a power brings the exponent down."),
        Step("argmin(theta, -k*log(theta) - (n - k)*log(1 - theta))",
             "Turn the sign: what was largest is now smallest.", SameMinimiser("-1", "0")),
        Step("k/n", "The objective exceeds its value at $k/n$ by the certificate, and $h$ is zero "
                    "only at $1$.",
             Attained("k*h(n*theta/k) + (n - k)*h(n*(1 - theta)/(n - k))")),
    ))

heads_calculus = Derivation(
    "likelihood.heads_calculus", "The same by calculus",
    given=(Between("k", below="n"), Unit("theta")),
    start="argmax(theta, theta**k*(1 - theta)**(n - k))",
    steps=(
        Step("argmax(theta, k*log(theta) + (n - k)*log(1 - theta))",
             "Take the log.", TakeLog()),
        Step("k/n", "The slope is zero at $k/n$, and the second derivative is negative "
                    "everywhere.", ByConvexity()),
    ))

bernoulli_nll = Derivation(
    "likelihood.bernoulli_nll", "The negative log-likelihood of n flips",
    given=(Size("n"), Bits("y"), Unit("theta")), where=(BERNOULLI,),
    start="-log(prod(p(y[i], theta) for i in n))",
    steps=(
        Step("-sum(log(p(y[i], theta)) for i in n)",
             "The log of a product is the sum of the logs."),
        Step("-sum(log(theta**y[i]*(1 - theta)**(1 - y[i])) for i in n)",
             "Insert the Bernoulli mass function."),
        Step("-sum(y[i]*log(theta) + (1 - y[i])*log(1 - theta) for i in n)",
             "The log of a power brings the exponent down. Mind the bracket: the sum covers "
             "both terms."),
    ))

# --- likelihood and probability ------------------------------------------------------------

all_sequences = Derivation(
    "likelihood.all_sequences", "Over all data sets the probabilities sum to one",
    given=(Unit("theta"),), where=(BERNOULLI,),
    start="sum(sum(sum(p(y_1, theta)*p(y_2, theta)*p(y_3, theta) for y_3 in {0, 1}) "
          "for y_2 in {0, 1}) for y_1 in {0, 1})",
    steps=(
        Step("sum(p(y, theta) for y in {0, 1})**3",
             "Each flip is summed by itself, because the others do not depend on it."),
        Step("(theta + (1 - theta))**3", "A flip shows heads or tails, and nothing else."),
        Step("1", "The two probabilities of one flip sum to one."),
    ))

antiderivative = Derivation(
    "likelihood.antiderivative", "What the area under the likelihood is made of",
    given=(Unit("theta"),),
    start="diff(theta**3/3 - theta**4/4, theta)",
    steps=(
        Step("theta**2 - theta**3", "Differentiate each power."),
        Step("theta**2*(1 - theta)", "Take out the common factor."),
    ))

GAUSSIAN = Definition("p", "1/sqrt(2*pi*sigma**2)*exp(-(y - mu)**2/(2*sigma**2))",
                      ("y", "mu", "sigma"), address="squared_error.density")

peak = Derivation(
    "likelihood.peak", "The height of a Gaussian density at its centre",
    given=(Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
    start="p(mu, mu, sigma)",
    steps=(
        Step("1/sqrt(2*pi*sigma**2)", "At its centre the exponent is zero."),
        Step("1/(sigma*sqrt(2*pi))", "Take the positive $\\sigma$ out of the root."),
    ))

peak_above_one = Derivation(
    "likelihood.peak_above_one", "A narrow Gaussian rises above one",
    given=(Real("mu"), Unit("u")), where=(GAUSSIAN,),
    start="p(mu, mu, u/sqrt(2*pi))",
    steps=(
        Step("1/u", "The scale is the fraction $u$ of $1/\\sqrt{2\\pi}$, and the root cancels."),
        Step("1", "Dividing one by a number below one gives more than one.",
             AtLeast("(1 - u)/u")),
    ))

peak_nll = Derivation(
    "likelihood.peak_nll", "The negative log-likelihood at the centre",
    given=(Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
    start="-log(p(mu, mu, sigma))",
    steps=(
        Step("log(sigma*sqrt(2*pi))", "The minus sign turns the fraction over."),
        Step("log(sigma) + 1/2*log(2*pi)", "The log of a product is the sum of the logs."),
    ))

# --- from the product to the negative log-likelihood -----------------------------------------

MODEL = (Size("n"), Reals("y"), Real("theta"), PositiveFunction("p"))

definition = DisplayedDefinition(
    "likelihood.definition", "The likelihood of independent data", MODEL,
    Definition("L", "prod(p(y[i], theta) for i in n)", ("theta",)))

log_likelihood = DisplayedDefinition(
    "likelihood.log_likelihood", "The log-likelihood", MODEL,
    Definition("ell", "sum(log(p(y[i], theta)) for i in n)", ("theta",), tex=r"\ell"))

nll = Derivation(
    "likelihood.nll", "From the product to the mean negative log-likelihood",
    given=MODEL,
    start="argmax(theta, prod(p(y[i], theta) for i in n))",
    steps=(
        Step("argmax(theta, log(prod(p(y[i], theta) for i in n)))",
             "The logarithm increases, so it keeps the place of the maximum. It needs a "
             "positive product, which positive factors give.", TakeLog()),
        Step("argmax(theta, sum(log(p(y[i], theta)) for i in n))",
             "The log of a product is the sum of the logs."),
        Step("argmin(theta, -sum(log(p(y[i], theta)) for i in n))",
             "Turn the sign: optimisers minimise.", SameMinimiser("-1", "0")),
        Step("argmin(theta, -1/n*sum(log(p(y[i], theta)) for i in n))",
             "Divide by $n$. It is positive and does not depend on $\\theta$, so the minimiser "
             "stays.", SameMinimiser("n", "0")),
    ))

inputs = Derivation(
    "likelihood.inputs", "The inputs drop out",
    given=(Size("n"), Reals("x"), Reals("y"), Real("theta"),
           PositiveFunction("p", tex=r"p\left({} \mid {}; {}\right)"),
           PositiveFunction("p_in", tex=r"p_{\mathrm{in}}")),
    start="argmax(theta, prod(p(y[i], x[i], theta)*p_in(x[i]) for i in n))",
    steps=(
        Step("argmax(theta, sum(log(p(y[i], x[i], theta)*p_in(x[i])) for i in n))",
             "Take the log.", TakeLog()),
        Step("argmax(theta, sum(log(p(y[i], x[i], theta)) for i in n) "
             "+ sum(log(p_in(x[i])) for i in n))",
             "The log of a product is the sum of the logs, and a sum of two terms is two sums."),
        Step("argmax(theta, sum(log(p(y[i], x[i], theta)) for i in n))",
             "The second sum does not contain $\\theta$: it lifts the whole curve and moves "
             "no maximum.", SameMinimiser("1", "sum(log(p_in(x[i])) for i in n)")),
    ))

STATEMENTS = (
    bernoulli, coin, coin_values, coin_gap, coin_maximum, coin_slope, coin_calculus,
    heads, heads_calculus, bernoulli_nll, all_sequences, antiderivative,
    peak, peak_above_one, peak_nll, definition, log_likelihood, nll, inputs,
    *POISSON_STATEMENTS,
)
