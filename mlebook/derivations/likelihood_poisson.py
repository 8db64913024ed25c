"""The Poisson part of the chapter "What makes data likely?": deaths by horse kick.

The addresses belong to the page ``likelihood``, whose module lists these statements.

Sources: Bortkiewicz (1898), *Das Gesetz der kleinen Zahlen*.
"""
from mlebook.proof import (
    AtLeast,
    Attained,
    Counts,
    Definition,
    Derivation,
    DisplayedDefinition,
    Positive,
    Positives,
    SameMinimiser,
    Size,
    Step,
)

POISSON = Definition("p", "lam**y*exp(-lam)/factorial(y)", ("y", "lam"),
                     address="likelihood.poisson")
Y_BAR = Definition("y_bar", "1/n*sum(y[i] for i in n)")
DEATHS = (Size("n"), Counts("y"), Positive("lam"))

poisson = DisplayedDefinition(
    "likelihood.poisson", "The Poisson mass function", (Positive("lam"),), POISSON)

poisson_normalised = Derivation(
    "likelihood.poisson_normalised", "The Poisson probabilities sum to one",
    given=(Positive("lam"),), where=(POISSON,),
    start="sum(p(y, lam) for y in N)",
    steps=(Step("exp(-lam)*sum(lam**y/factorial(y) for y in N)",
                "The factor $\\exp(-\\lambda)$ is the same in each term."),
           Step("1", "The series that is left is the one of $\\exp(\\lambda)$.")))

poisson_mean = Derivation(
    "likelihood.poisson_mean", "The mean of a Poisson count",
    given=(Positive("lam"),), where=(POISSON,),
    start="sum(y*p(y, lam) for y in N)",
    steps=(Step("lam*sum(p(y, lam) for y in N)",
                "The factor $y$ cancels one factor of $y!$, the term of zero deaths is zero, and "
                "one $\\lambda$ moves in front; the series that is left is the same again."),
           Step("lam", "The probabilities sum to one.")))

poisson_variance = Derivation(
    "likelihood.poisson_variance", "The variance of a Poisson count",
    given=(Positive("lam"),), where=(POISSON,),
    start="sum((y - lam)**2*p(y, lam) for y in N)",
    steps=(Step("sum(y*(y - 1)*p(y, lam) for y in N) + lam - lam**2",
                "Write $y^2$ as $y(y - 1) + y$ and use the mean."),
           Step("lam", "Now $y(y - 1)$ cancels two factors of $y!$, so the sum that is left is "
                       "$\\lambda^2$.")))

poisson_nll = Derivation(
    "likelihood.poisson_nll", "The negative log-likelihood of n counts",
    given=DEATHS, where=(POISSON, Y_BAR),
    start="-log(prod(p(y[i], lam) for i in n))",
    steps=(
        Step("-sum(log(lam**y[i]*exp(-lam)/factorial(y[i])) for i in n)",
             "The log of a product is the sum of the logs; insert the Poisson mass function."),
        Step("sum(lam - y[i]*log(lam) + log(factorial(y[i])) for i in n)",
             "Split the log of each factor and turn the signs."),
        Step("n*(lam - y_bar*log(lam)) + sum(log(factorial(y[i])) for i in n)",
             "Only the mean of the counts meets the parameter."),
    ))

poisson_mle = Derivation(
    "likelihood.poisson_mle", "The mean count is the best rate",
    given=DEATHS, where=(Y_BAR,),
    start="argmin(lam, n*(lam - y_bar*log(lam)) + sum(log(factorial(y[i])) for i in n))",
    steps=(
        Step("argmin(lam, lam - y_bar*log(lam))",
             "The sum of log factorials does not contain $\\lambda$, and $n$ is positive.",
             SameMinimiser("n", "sum(log(factorial(y[i])) for i in n)")),
        Step("y_bar", "The excess over the value at the mean is $\\bar{y}$ times "
                      "$h(\\lambda/\\bar{y})$, which is zero only at $\\lambda = \\bar{y}$.",
             Attained("y_bar*h(lam/y_bar)")),
    ))

poisson_slope = Derivation(
    "likelihood.poisson_slope", "The slope of the mean negative log-likelihood",
    given=DEATHS, where=(Y_BAR,),
    start="diff(lam - y_bar*log(lam), lam)",
    steps=(Step("1 - y_bar/lam", "The slope of $\\log \\lambda$ is $1/\\lambda$."),
           Step("(lam - y_bar)/lam", "Bring both over one denominator.")))

overdispersion = Derivation(
    "likelihood.overdispersion", "Mixed rates spread wider than one rate",
    given=(Size("K"), Positives("lam", sizes=("K",))),
    where=(POISSON, Definition("lam_bar", "1/K*sum(lam[c] for c in K)")),
    start="1/K*sum(sum((y - lam_bar)**2*p(y, lam[c]) for y in N) for c in K)",
    steps=(
        Step("1/K*sum(lam[c] + (lam[c] - lam_bar)**2 for c in K)",
             "In group $c$ the counts vary around $\\lambda_c$ with variance $\\lambda_c$, and "
             "$\\lambda_c$ itself is off the common mean."),
        Step("lam_bar + 1/K*sum((lam[c] - lam_bar)**2 for c in K)",
             "The mean of the rates comes out."),
        Step("lam_bar", "What is left is a mean of squares.",
             AtLeast("1/K*sum((lam[c] - lam_bar)**2 for c in K)")),
    ))

POISSON_STATEMENTS = (
    poisson, poisson_normalised, poisson_mean, poisson_variance, poisson_nll, poisson_mle,
    poisson_slope, overdispersion,
)
