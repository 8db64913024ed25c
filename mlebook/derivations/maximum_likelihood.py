"""What the chapter "What does maximum likelihood do?" proves.

Existence, invariance, the score and Fisher information, bias, the wrong model, and priors
that are flat in one parameter only.  Sources: Casella & Berger (2002), sections 7.2, 7.3 and
10.1; van der Vaart (1998), chapter 5; White (1982) for the wrong model.
"""
from __future__ import annotations

from mlebook.proof import (
    AtLeast,
    Attained,
    Between,
    Definition,
    Derivation,
    DisplayedDefinition,
    Independent,
    Limit,
    ModelFamily,
    Positive,
    PositiveFunction,
    Positives,
    Random,
    Real,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
    UnequalReals,
    Unit,
)

BERNOULLI = Definition("p", "theta**y*(1 - theta)**(1 - y)", ("y", "theta"),
                       address="likelihood.bernoulli")
POISSON = Definition("p", "lam**y*exp(-lam)/factorial(y)", ("y", "lam"),
                     address="likelihood.poisson")
GAUSSIAN = Definition("p", "1/sqrt(2*pi*sigma**2)*exp(-(x - mu)**2/(2*sigma**2))",
                      ("x", "mu", "sigma"),
                      address="maximum_likelihood.gaussian")
SIGMOID = Definition("sigmoid", "1/(1 + exp(-z))", ("z",), tex=r"\operatorname{sigmoid}",
                     address="maximum_likelihood.sigmoid")
WAITING = Definition("p", "theta*exp(-theta*x)", ("x", "theta"))
MEAN = Definition("y_bar", "1/n*sum(y[i] for i in n)")
SPREAD = Definition("v_hat", "1/n*sum((y[i] - y_bar)**2 for i in n)")
LOG = "The logarithm increases, so it moves no maximiser."
SLOPE = "Differentiate the log-density."
ONE_FRACTION = "Bring both to one fraction."

DEFINITIONS = (
    DisplayedDefinition("maximum_likelihood.gaussian", "The Gaussian density", (), GAUSSIAN),
    DisplayedDefinition("maximum_likelihood.sigmoid", "The sigmoid", (), SIGMOID),
)

EXISTENCE = (
    Derivation(
        "maximum_likelihood.all_heads", "All heads: the NLL stays above a positive number",
        given=(Size("n"), Unit("theta")),
        start="-log(theta**n)",
        steps=(
            Step("-n*log(theta)", "The logarithm turns the power into a factor."),
            Step("n*(1 - theta)",
                 "As $h$ is never negative, $-\\log\\theta$ is at least $1 - \\theta$.",
                 AtLeast("n*h(theta)")))),
    Derivation(
        "maximum_likelihood.all_heads_limit", "All heads: the NLL falls towards zero",
        given=(Size("n"), Real("z")), where=(SIGMOID,),
        start="-log(sigmoid(z)**n)",
        steps=(
            Step("n*log(1 + exp(-z))", "Write the sigmoid out; its logarithm changes sign."),
            Step("0", "As $z$ grows, $e^{-z}$ vanishes, and the sigmoid approaches 1.",
                 Limit("z", "oo")))),
    Derivation(
        "maximum_likelihood.collapse", "One observation, free scale: no maximum at all",
        given=(Real("y"), Positive("sigma")), where=(GAUSSIAN,),
        start="-log(p(y, y, sigma))",
        steps=(
            Step("log(sigma) + 1/2*log(2*pi)",
                 "With its mean at $y$ the residual is zero; only the normaliser is left."),
            Step("-oo", "The logarithm falls without bound as the scale shrinks.",
                 Limit("sigma", "0")))),
    Derivation(
        "maximum_likelihood.interval", "Four readings of Newcomb: an interval of minimisers",
        given=(Unit("u"),), where=(Definition("mu", "28 + u"),),
        start="abs(28 - mu) + abs(-44 - mu) + abs(29 - mu) + abs(30 - mu)",
        steps=(
            Step("u + (72 + u) + (1 - u) + (2 - u)",
                 "For $\\mu$ between 28 and 29, two readings lie below it and two above."),
            Step("75", "What two readings lose in distance, the other two gain."))),
)

INVARIANCE = (
    Derivation(
        "maximum_likelihood.logit", "The same coin, with the logit as its parameter",
        given=(Between("k", below="n"), Real("z")), where=(SIGMOID,),
        start="argmax(z, sigmoid(z)**k*(1 - sigmoid(z))**(n - k))",
        steps=(
            Step("argmax(z, k*log(sigmoid(z)) + (n - k)*log(1 - sigmoid(z)))", LOG, TakeLog()),
            Step("log(k/(n - k))", "No other $z$ does as well: what it loses is a sum of two $h$.",
                 Attained("k*h(n*sigmoid(z)/k) + (n - k)*h(n*(1 - sigmoid(z))/(n - k))")))),
    Derivation(
        "maximum_likelihood.logit_back", "Translated back, it is the old estimate",
        given=(Between("k", below="n"),), where=(SIGMOID,),
        start="sigmoid(log(k/(n - k)))",
        steps=(
            Step("1/(1 + (n - k)/k)", "The exponential undoes the logarithm."),
            Step("k/n", "The denominator is $n/k$."))),
    Derivation(
        "maximum_likelihood.scale", "The best standard deviation",
        given=(Size("n"), UnequalReals("y"), Positive("sigma")), where=(GAUSSIAN, MEAN, SPREAD),
        start="argmax(sigma, sum(log(p(y[i], y_bar, sigma)) for i in n))",
        steps=(
            Step("argmax(sigma, -n*log(sigma) - n/2*log(2*pi) - n*v_hat/(2*sigma**2))",
                 "Insert the density; the squares add up to $n\\,\\hat v$."),
            Step("sqrt(v_hat)", "What any other $\\sigma$ loses is one $h$.",
                 Attained("n/2*h(v_hat/sigma**2)")))),
    Derivation(
        "maximum_likelihood.variance", "The best variance",
        given=(Size("n"), UnequalReals("y"), Positive("v")), where=(GAUSSIAN, MEAN, SPREAD),
        start="argmax(v, sum(log(p(y[i], y_bar, sqrt(v))) for i in n))",
        steps=(
            Step("argmax(v, -n/2*log(v) - n/2*log(2*pi) - n*v_hat/(2*v))",
                 "The same likelihood, with $v$ in the place of $\\sigma^2$."),
            Step("v_hat", "The loss is the same $h$ under its new name.",
                 Attained("n/2*h(v_hat/v)")))),
)

INFORMATION = (
    Derivation(
        "maximum_likelihood.score_mean", "The score has mean zero",
        given=(Size("K"), Real("theta"), ModelFamily("q")),
        start="sum(q(c, theta)*diff(log(q(c, theta)), theta) for c in K)",
        steps=(
            Step("sum(diff(q(c, theta), theta) for c in K)",
                 "The slope of a logarithm is the slope over the value; the value cancels."),
            Step("diff(sum(q(c, theta) for c in K), theta)",
                 "A finite sum may be differentiated term by term."),
            Step("0", "The probabilities sum to 1, and a constant has no slope."))),
    Derivation(
        "maximum_likelihood.information", "Fisher information: mean square, or mean curvature",
        given=(Size("K"), Real("theta"), ModelFamily("q")),
        start="-sum(q(c, theta)*diff(diff(log(q(c, theta)), theta), theta) for c in K)",
        steps=(
            Step("sum(q(c, theta)*diff(log(q(c, theta)), theta)**2 for c in K)"
                 " - sum(diff(diff(q(c, theta), theta), theta) for c in K)",
                 "Differentiate the quotient $q'/q$."),
            Step("sum(q(c, theta)*diff(log(q(c, theta)), theta)**2 for c in K)",
                 "The probabilities sum to 1, so their second derivatives sum to 0."))),
    Derivation(
        "maximum_likelihood.bernoulli_information", "The Fisher information of one coin flip",
        given=(Unit("theta"),), where=(BERNOULLI,),
        start="sum(p(y, theta)*diff(log(p(y, theta)), theta)**2 for y in {0, 1})",
        steps=(
            Step("sum(p(y, theta)*(y/theta - (1 - y)/(1 - theta))**2 for y in {0, 1})", SLOPE),
            Step("(1 - theta)*(1/(1 - theta))**2 + theta*(1/theta)**2", "Write both outcomes out."),
            Step("1/(theta*(1 - theta))", ONE_FRACTION))),
    Derivation(
        "maximum_likelihood.poisson_information", "The Fisher information of one Poisson count",
        given=(Positive("lam"),), where=(POISSON,),
        start="sum(p(y, lam)*diff(log(p(y, lam)), lam)**2 for y in N)",
        steps=(
            Step("sum(p(y, lam)*(y/lam - 1)**2 for y in N)", SLOPE),
            Step("1/lam", "It is the variance $\\lambda$ of the count, over $\\lambda^2$."))),
    Derivation(
        "maximum_likelihood.gaussian_score_loc", "The Gaussian's score for its mean",
        given=(Real("x"), Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
        start="diff(log(p(x, mu, sigma)), mu)",
        steps=(Step("(x - mu)/sigma**2", SLOPE),)),
    Derivation(
        "maximum_likelihood.gaussian_score_scale", "The Gaussian's score for its scale",
        given=(Real("x"), Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
        start="diff(log(p(x, mu, sigma)), sigma)",
        steps=(Step("(x - mu)**2/sigma**3 - 1/sigma", SLOPE),)),
    Derivation(
        "maximum_likelihood.gaussian_information_loc", "Information about the mean",
        given=(Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
        start="integral(p(x, mu, sigma)*((x - mu)/sigma**2)**2 for x in R)",
        steps=(Step("1/sigma**2", "The integral is the variance over $\\sigma^4$."),)),
    Derivation(
        "maximum_likelihood.gaussian_information_scale", "Information about the scale",
        given=(Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
        start="integral(p(x, mu, sigma)*((x - mu)**2/sigma**3 - 1/sigma)**2 for x in R)",
        steps=(Step("2/sigma**2", "The fourth moment of a Gaussian is $3\\sigma^4$."),)),
    Derivation(
        "maximum_likelihood.gaussian_information_cross", "Mean and scale leave each other alone",
        given=(Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
        start="integral(p(x, mu, sigma)*((x - mu)/sigma**2)*((x - mu)**2/sigma**3 - 1/sigma)"
              " for x in R)",
        steps=(Step("0", "Odd moments of a symmetric density vanish."),)),
    Derivation(
        "maximum_likelihood.mean_consistent", "The sample mean homes in",
        given=(Size("n"), Independent("y", mean="m")), where=(MEAN,),
        start="E((y_bar - m)**2)",
        steps=(
            Step("1/n**2*sum(sum(E((y[i] - m)*(y[j] - m)) for j in n) for i in n)",
                 "The square of a sum is a double sum."),
            Step("v/n", "Independent deviations do not correlate: only the $n$ squares survive."),
            Step("0", "One variance is shared out among ever more data.", Limit("n", "oo")))),
)

BIAS = (
    Derivation(
        "maximum_likelihood.variance_bias", "Dividing by n gives too little on average",
        given=(Size("n"), Independent("y", mean="m")), where=(MEAN,),
        start="E(1/n*sum((y[i] - y_bar)**2 for i in n))",
        steps=(
            Step("E(1/n*sum((y[i] - m)**2 for i in n)) - E((y_bar - m)**2)",
                 "The data lie closer to their own mean than to $m$."),
            Step("v - v/n", "The first is the variance, the second the mean's squared error."),
            Step("(n - 1)/n*v", "Collect the terms."))),
    Derivation(
        "maximum_likelihood.variance_unbiased", "Dividing by n - 1 is right on average",
        given=(Size("n", least=2), Independent("y", mean="m")), where=(MEAN,),
        start="E(1/(n - 1)*sum((y[i] - y_bar)**2 for i in n))",
        steps=(Step("v", "A factor $n/(n - 1)$ undoes the one above; it needs $n > 1$."),)),
)

WRONG_MODEL = (
    Derivation(
        "maximum_likelihood.wrong_loc", "The best Gaussian has the law's mean, whatever the law",
        given=(Random("Y", mean="m"), Real("mu"), Positive("sigma")), where=(GAUSSIAN,),
        start="argmin(mu, E(-log(p(Y, mu, sigma))))",
        steps=(
            Step("argmin(mu, log(sigma) + 1/2*log(2*pi) + (v + (mu - m)**2)/(2*sigma**2))",
                 "The NLL is quadratic in $Y$, so mean and variance are all it sees."),
            Step("m", "Elsewhere a square is lost.", Attained("(mu - m)**2/(2*sigma**2)")))),
    Derivation(
        "maximum_likelihood.wrong_scale", "And the law's standard deviation",
        given=(Random("Y", mean="m"), Positive("sigma")), where=(GAUSSIAN,),
        start="argmin(sigma, E(-log(p(Y, m, sigma))))",
        steps=(
            Step("argmin(sigma, log(sigma) + 1/2*log(2*pi) + v/(2*sigma**2))", "Now $\\mu = m$."),
            Step("sqrt(v)", "Elsewhere an $h$ is lost.", Attained("1/2*h(v/sigma**2)")))),
    Derivation(
        "maximum_likelihood.pseudo_likelihood", "A product of conditionals is no distribution",
        given=(Unit("theta"),),
        where=(Definition("q", "theta*delta(a, b) + (1 - theta)*(1 - delta(a, b))", ("a", "b")),),
        start="sum(sum(q(a, b)*q(b, a) for b in {0, 1}) for a in {0, 1})",
        steps=(
            Step("2*theta**2 + 2*(1 - theta)**2", "In two outcomes the bits agree, in two not."),
            Step("1 + (2*theta - 1)**2",
                 "It is 1 only for $\\theta = 1/2$, where the bits ignore each other."))),
)

PRIORS = (
    Derivation(
        "maximum_likelihood.map", "The mode of the posterior",
        given=(Real("theta"), PositiveFunction("L"), Positive("Z"),
               PositiveFunction("prior", tex=r"p_{\mathrm{prior}}")),
        start="argmax(theta, L(theta)*prior(theta)/Z)",
        steps=(
            Step("argmax(theta, log(L(theta)*prior(theta)/Z))", LOG, TakeLog()),
            Step("argmax(theta, log(L(theta)) + log(prior(theta)))",
                 "The evidence $Z$ does not depend on $\\theta$.", SameMinimiser("1", "-log(Z)")))),
    Derivation(
        "maximum_likelihood.jacobian", "How fast the logit moves with theta",
        given=(Unit("theta"),),
        start="diff(log(theta/(1 - theta)), theta)",
        steps=(
            Step("1/theta + 1/(1 - theta)", "The logit is a difference of two logarithms."),
            Step("1/(theta*(1 - theta))", ONE_FRACTION))),
    Derivation(
        "maximum_likelihood.flat_logit", "HHT under a prior that is flat in the logit",
        given=(Unit("theta"),),
        start="theta**2*(1 - theta)*diff(log(theta/(1 - theta)), theta)",
        steps=(
            Step("theta**2*(1 - theta)/(theta*(1 - theta))", "Insert the Jacobian."),
            Step("theta", "Everything cancels but one $\\theta$, which grows up to the edge."))),
    Derivation(
        "maximum_likelihood.flat_theta", "HHT under a prior flat in theta, seen in the logit",
        given=(Real("z"),), where=(SIGMOID,),
        start="argmax(z, sigmoid(z)**2*(1 - sigmoid(z))*diff(sigmoid(z), z))",
        steps=(
            Step("argmax(z, sigmoid(z)**3*(1 - sigmoid(z))**2)",
                 "The sigmoid's slope is $\\theta\\,(1 - \\theta)$."),
            Step("argmax(z, 3*log(sigmoid(z)) + 2*log(1 - sigmoid(z)))", LOG, TakeLog()),
            Step("log(3/2)", "It is the likelihood of three heads and two tails.",
                 Attained("3*h(5*sigmoid(z)/3) + 2*h(5*(1 - sigmoid(z))/2)")))),
)

EXERCISES = (
    Derivation(
        "maximum_likelihood.exponential", "The best rate for waiting times",
        given=(Size("n"), Positives("y"), Positive("theta")), where=(WAITING, MEAN),
        start="argmax(theta, prod(p(y[i], theta) for i in n))",
        steps=(
            Step("argmax(theta, n*log(theta) - n*theta*y_bar)",
                 "Take the logarithm; the waiting times enter through their mean.", TakeLog()),
            Step("1/y_bar", "What any other rate loses is one $h$.",
                 Attained("n*h(theta*y_bar)")))),
    Derivation(
        "maximum_likelihood.exponential_curvature", "The curvature of one waiting time's NLL",
        given=(Positive("y"), Positive("theta")), where=(WAITING,),
        start="-diff(diff(log(p(y, theta)), theta), theta)",
        steps=(
            Step("diff(y - 1/theta, theta)", "Differentiate once and turn the sign."),
            Step("1/theta**2", "The datum is gone: this is its own mean."))),
)

STATEMENTS = (*DEFINITIONS, *EXISTENCE, *INVARIANCE, *INFORMATION, *BIAS, *WRONG_MODEL, *PRIORS,
              *EXERCISES)
