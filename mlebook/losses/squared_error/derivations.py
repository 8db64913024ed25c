"""Squared error: what is proved about it, in the order of the chapter "Why squared error?"."""
from __future__ import annotations

from mlebook import proof
from mlebook.proof import Attained, Definition, Derivation, Positive, Real, Reals, Size, Step

SLUG = "squared_error"

#: The statements that carry the certificate's proofs.
CLAIMS = {"normalises": "normalised", "nll": "nll", "loss": "pointwise", "estimate": "mean",
          "noise": "scale", "gradient": "gradient", "curvature": "curvature"}
#: How the statements above call the arguments of ``nll``.
SYMBOLS = {"prediction": "mu", "target": "y", "scale": "sigma"}

DENSITY = Definition("p", "1/sqrt(2*pi*sigma**2)*exp(-(y - mu)**2/(2*sigma**2))",
                     ("y", "mu", "sigma"), address=f"{SLUG}.density")
_ONE = (Real("y"), Real("mu"), Positive("sigma"))
_MODEL = (Size("n"), Reals("y"), Reals("x"), proof.Function("f", tex="f_{{}}({})"), Real("theta"),
          Positive("sigma"))
_LINEAR = (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)))
_LIKELIHOOD = "prod(p(y[i], f(theta, x[i]), sigma) for i in n)"
_SQUARES = "sum((y[i] - f(theta, x[i]))**2 for i in n)"
_LOG_LIKELIHOOD = f"-n*log(sigma) - n/2*log(2*pi) - {_SQUARES}/(2*sigma**2)"
_MEAN = Definition("y_bar", "1/n*sum(y[i] for i in n)")


def _derivation(name, title, given, start, *steps, where=(DENSITY,)):
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, where)


STATEMENTS = (
    proof.DisplayedDefinition(DENSITY.address, "The Gaussian density", (), DENSITY),
    _derivation(
        "noise", "Noise around zero is a target around the prediction", _ONE, "p(y - mu, 0, sigma)",
        Step("p(y, mu, sigma)", "Only the difference of the first two arguments enters.")),
    _derivation(
        "normalised", "The area is one", _ONE[1:], "integral(p(y, mu, sigma) for y in R)",
        Step("1/sqrt(2*pi*sigma**2)*integral(exp(-u**2/(2*sigma**2)) for u in R)",
             "Substitute $u = y - \\mu$ and take the constant out."),
        Step("1/sqrt(2*pi*sigma**2)*sqrt(2*pi*sigma**2)", "This is the Gaussian integral."),
        Step("1", "The constant in front was chosen for this.")),
    _derivation(
        "location", "The expectation", _ONE[1:], "integral(y*p(y, mu, sigma) for y in R)",
        Step("mu", "The density is symmetric around $\\mu$ and integrates to one.")),
    _derivation(
        "variance", "The variance", _ONE[1:], "integral((y - mu)**2*p(y, mu, sigma) for y in R)",
        Step("sigma**2", "Integrate by parts, with $y - \\mu$ as one of the factors.")),
    _derivation(
        "nll", "The negative log-likelihood of one observation", _ONE, "-log(p(y, mu, sigma))",
        Step("-log(1/sqrt(2*pi*sigma**2)*exp(-(y - mu)**2/(2*sigma**2)))",
             "Insert the Gaussian density."),
        Step("-log(1/sqrt(2*pi*sigma**2)) - log(exp(-(y - mu)**2/(2*sigma**2)))",
             "The log of a product is the sum of the logs."),
        Step("1/2*log(2*pi*sigma**2) + (y - mu)**2/(2*sigma**2)",
             "A power inside a log becomes a factor in front, and log undoes exp.")),
    _derivation(
        "pointwise", "Squared error is the negative log-likelihood, scaled and shifted", _ONE,
        "argmin(mu, (y - mu)**2)",
        Step("argmin(mu, -log(p(y, mu, sigma)))",
             "Multiply by $2\\sigma^2$ and take away a number that is free of $\\mu$.",
             proof.SameMinimiser("2*sigma**2", "-sigma**2*log(2*pi*sigma**2)"))),
    _derivation(
        "log_likelihood", "The log-likelihood of n observations", _MODEL, f"log({_LIKELIHOOD})",
        Step("sum(log(p(y[i], f(theta, x[i]), sigma)) for i in n)",
             "The log of a product is the sum of the logs."),
        Step("sum(-1/2*log(2*pi*sigma**2) - (y[i] - f(theta, x[i]))**2/(2*sigma**2) for i in n)",
             "Insert the result for one observation, with its sign turned."),
        Step(f"-n/2*log(2*pi*sigma**2) - 1/(2*sigma**2)*{_SQUARES}",
             "The first term is the same for all $n$ observations; a common factor moves out."),
        Step(_LOG_LIKELIHOOD, "Split the log of the product $2\\pi\\sigma^2$.")),
    _derivation(
        "mse", "Gaussian noise leads to squared error", _MODEL, f"argmax(theta, {_LIKELIHOOD})",
        Step(f"argmax(theta, log({_LIKELIHOOD}))",
             "The likelihood is positive and the log increases: same maximisers.", proof.TakeLog()),
        Step(f"argmax(theta, {_LOG_LIKELIHOOD})", "Insert the log-likelihood."),
        Step(f"argmin(theta, 1/n*{_SQUARES})",
             "Leave out a shift and a negative factor, both free of $\\theta$.",
             proof.SameMinimiser("-n/(2*sigma**2)", "-n*log(sigma) - n/2*log(2*pi)"))),
    _derivation(
        "affine", "Affine, not proportional", _MODEL, f"-log({_LIKELIHOOD})",
        Step(f"1/(2*sigma**2)*{_SQUARES} + n/2*log(2*pi*sigma**2)",
             "Turn the sign of the log-likelihood: a factor in front and a shift behind.")),
    _derivation(
        "mean", "The mean minimises the squared error",
        (Size("n"), Reals("y"), Real("mu")), "argmin(mu, sum((y[i] - mu)**2 for i in n))",
        Step("argmin(mu, sum((y[i] - y_bar)**2 for i in n) + n*(mu - y_bar)**2)",
             "Complete the square; the deviations from the mean sum to zero."),
        Step("y_bar", "The second term vanishes at the mean and nowhere else.",
             Attained("n*(mu - y_bar)**2")), where=(_MEAN,)),
    _derivation(
        "scale", "The scale of maximum likelihood",
        (Size("n"), proof.NonzeroReals("r"), Positive("sigma")),
        "argmin(sigma, n*log(sigma) + n/2*log(2*pi) + sum(r[i]**2 for i in n)/(2*sigma**2))",
        Step("sqrt(v)", "The excess over the value there is $h$ of a ratio that is 1 only there.",
             Attained("n/2*h(v/sigma**2)")),
        where=(Definition("v", "1/n*sum(r[i]**2 for i in n)"),)),
    _derivation(
        "best_nll", "The negative log-likelihood at the best scale", (Size("n"), Positive("v")),
        "n*log(sqrt(v)) + n/2*log(2*pi) + n*v/(2*sqrt(v)**2)",
        Step("n/2*log(2*pi*v) + n/2", "The squares cancel, and the logs join."), where=()),
    _derivation(
        "gradient", "The slope in the prediction", _ONE, "diff(-log(p(y, mu, sigma)), mu)",
        Step("diff((y - mu)**2/(2*sigma**2), mu)", "The other term is free of $\\mu$."),
        Step("(mu - y)/sigma**2", "The derivative of a square; the two factors 2 cancel.")),
    _derivation(
        "curvature", "The curvature", _ONE, "diff(diff(-log(p(y, mu, sigma)), mu), mu)",
        Step("1/sigma**2", "The slope is a straight line in $\\mu$.")),
    _derivation(
        "gradient_ratio", "The gradients of mean squared error and likelihood",
        (Size("n"), Reals("y"), Reals("f"), Positive("sigma")),
        "diff(1/n*sum((y[i] - f[i])**2 for i in n), f)",
        Step("2*sigma**2*((f - y)/(n*sigma**2))", "Each prediction appears in one term only."),
        Step("2*sigma**2*diff(1/n*sum(-log(p(y[i], f[i], sigma)) for i in n), f)",
             "The last factor is the gradient of the mean negative log-likelihood.")),
    _derivation(
        "linear", "With a linear model", (*_LINEAR, Positive("sigma")),
        "argmax(w, prod(p(y[i], sum(X[i, j]*w[j] for j in d), sigma) for i in n))",
        Step("argmax(w, -n/2*log(2*pi*sigma**2) - 1/(2*sigma**2)*sqnorm(y - X @ w))",
             "Take the log; the sum of squares is a squared length.", proof.TakeLog()),
        Step("argmin(w, sqnorm(y - X @ w))", "Leave out a shift and a negative factor.",
             proof.SameMinimiser("-1/(2*sigma**2)", "-n/2*log(2*pi*sigma**2)"))),
    _derivation(
        "least_squares", "The gradient of least squares", _LINEAR, "diff(sqnorm(y - X @ w), w)",
        Step("-2*(X.T @ (y - X @ w))", "The chain rule, one weight at a time."), where=()),
    _derivation(
        "normal_equations", "A solution of the normal equations is a global minimum",
        (*_LINEAR, proof.LeastSquares("w_hat")), "argmin(w, sqnorm(y - X @ w))",
        Step("argmin(w, sqnorm((y - X @ w_hat) - X @ (w - w_hat)))", "Add and subtract a vector."),
        Step("argmin(w, sqnorm(y - X @ w_hat) + sqnorm(X @ (w - w_hat)))",
             "Pythagoras: by the normal equations the two parts are orthogonal."),
        Step("w_hat", "The first part is fixed, and the second is never negative.",
             Attained("sqnorm(X @ (w - w_hat))", unique=False)), where=()),
    _derivation(
        "conditional_mean", "The expectation minimises the expected squared error",
        (proof.Random("Y", mean="m", variance="v"), Real("mu")), "argmin(mu, E((Y - mu)**2))",
        Step("argmin(mu, E((Y - E(Y))**2) + (E(Y) - mu)**2)",
             "Add and subtract $\\mathbb{E}[Y]$; the mixed term has expectation zero."),
        Step("E(Y)", "The second term vanishes there and nowhere else.",
             Attained("(E(Y) - mu)**2")), where=()),
    _derivation(
        "influence", "What one more observation does to the mean",
        (Size("n"), Reals("y"), Real("y_new", tex="\\tilde{y}")),
        "(sum(y[i] for i in n) + y_new)/(n + 1) - y_bar",
        Step("(y_new - y_bar)/(n + 1)", "The sum is $n$ times the mean."), where=(_MEAN,)),
    _derivation(
        "dropped_constant", "Without its log the scale runs away",
        (Positive("v"), Positive("sigma")), "v/(2*sigma**2)",
        Step("0", "It falls for ever as the scale grows.", proof.Limit("sigma", "oo")), where=()),
    _derivation(
        "weighted", "Known, unequal scales lead to a weighted mean",
        (Size("n"), Reals("y"), proof.Positives("s", tex="\\sigma"), Real("mu")),
        "argmax(mu, prod(p(y[i], mu, s[i]) for i in n))",
        Step("argmax(mu, -1/2*sum(log(2*pi*s[i]**2) + (y[i] - mu)**2/s[i]**2 for i in n))",
             "Take the log: a sum of log-densities.", proof.TakeLog()),
        Step("argmin(mu, sum((y[i] - mu)**2/s[i]**2 for i in n))", "Leave out what is constant.",
             proof.SameMinimiser("-1/2", "-1/2*sum(log(2*pi*s[i]**2) for i in n)")),
        Step("m", "Complete the square.", Attained("sum(1/s[i]**2 for i in n)*(mu - m)**2")),
        where=(DENSITY, Definition("m", "sum(y[i]/s[i]**2 for i in n)/sum(1/s[i]**2 for i in n)",
                                   tex="\\hat{\\mu}"))),
)
