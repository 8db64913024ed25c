"""What the chapter "Which distance does it minimise?" proves about densities.

The divergence of two densities, Gaussians in closed form, and the Gaussian closest to any law.
Source: Cover and Thomas (2006), chapter 8.
"""
from __future__ import annotations

from mlebook.derivations.maximum_likelihood import GAUSSIAN
from mlebook.proof import (
    AtLeast,
    Attained,
    Definition,
    Density,
    Derivation,
    DisplayedDefinition,
    Positive,
    Random,
    Real,
    Step,
)


def _derivation(name, title, given, start, *steps, where=()):
    return Derivation(f"divergence.{name}", title, given, start, steps, where)


KL_DENSITY = Definition("kl", "integral(p(x)*log(p(x)/q(x)) for x in R)",
                        tex=r"\mathrm{KL}\left(p \parallel q\right)",
                        address="divergence.kl_density")
P = (Real("mu_p"), Positive("sigma_p"))
Q = (Real("mu_q"), Positive("sigma_q"))
GAUSSIAN_ENTROPY = "1/2*log(2*pi*exp(1)*sigma**2)"
GAUSSIAN_KL = "log(sigma_q/sigma_p) + (sigma_p**2 + (mu_p - mu_q)**2)/(2*sigma_q**2) - 1/2"
GAUSSIAN_GAP = "1/2*h(sigma_p**2/sigma_q**2) + (mu_p - mu_q)**2/(2*sigma_q**2)"
ANY_LAW = (Random("Y", mean="m", variance="v"), Real("mu"), Positive("sigma"))

DENSITIES = (
    DisplayedDefinition("divergence.kl_density", "The divergence of two densities",
                        (Density("p"), Density("q")), KL_DENSITY),
    _derivation(
        "gibbs_density", "Gibbs for densities", (Density("p"), Density("q")), "kl",
        Step("integral(p(x)*h(q(x)/p(x)) for x in R)",
             "Add $q(x) - p(x)$, which integrates to nothing."),
        Step("0", "The integrand is never negative.",
             AtLeast("integral(p(x)*h(q(x)/p(x)) for x in R)")), where=(KL_DENSITY,)),
    _derivation(
        "gaussian_entropy", "The entropy of a Gaussian", (Real("mu"), Positive("sigma")),
        "-integral(p(x, mu, sigma)*log(p(x, mu, sigma)) for x in R)",
        Step("1/2*log(2*pi*sigma**2) + 1/2",
             "The log-density is a constant minus a square; the square has the mean $\\sigma^2$."),
        Step(GAUSSIAN_ENTROPY, "One half is half the log of $\\exp(1)$."), where=(GAUSSIAN,)),
    _derivation(
        "units", "Another unit shifts the entropy", (Positive("a"), Positive("sigma")),
        "1/2*log(2*pi*exp(1)*(a*sigma)**2)",
        Step(f"log(a) + {GAUSSIAN_ENTROPY}", "The factor $a^2$ leaves the log as $2 \\log a$.")),
    _derivation(
        "gaussian_kl", "The divergence of two Gaussians", (*P, *Q),
        "integral(p(x, mu_p, sigma_p)*log(p(x, mu_p, sigma_p)/p(x, mu_q, sigma_q)) for x in R)",
        Step(GAUSSIAN_KL, "Both logs are quadratic in $x$, and the mean of $(x - \\mu_q)^2$ is "
                          "the variance plus the squared shift."),
        Step(GAUSSIAN_GAP, "Collect the terms with the ratio of the variances."),
        Step("0", "A value of $h$ and a square.", AtLeast(GAUSSIAN_GAP)), where=(GAUSSIAN,)),
    _derivation(
        "matching", "No Gaussian is closer than the one with the same mean and variance",
        ANY_LAW, "E(-log(p(Y, mu, sigma)))",
        Step("1/2*log(2*pi*sigma**2) + E((Y - mu)**2)/(2*sigma**2)", "Insert the Gaussian."),
        Step("1/2*log(2*pi*sigma**2) + (v + (m - mu)**2)/(2*sigma**2)",
             "The mean squared distance from $\\mu$ is the variance plus the squared shift."),
        Step("1/2*log(2*pi*v) + 1/2",
             "The excess is zero only if $\\sigma^2 = v$ and $\\mu = m$.",
             AtLeast("1/2*h(v/sigma**2) + (m - mu)**2/(2*sigma**2)")), where=(GAUSSIAN,)),
    _derivation(
        "matching_mean", "The best mean", ANY_LAW, "argmin(mu, E(-log(p(Y, mu, sigma))))",
        Step("m", "The excess is a square.", Attained("(m - mu)**2/(2*sigma**2)")),
        where=(GAUSSIAN,)),
    _derivation(
        "matching_scale", "The best scale", ANY_LAW, "argmin(sigma, E(-log(p(Y, m, sigma))))",
        Step("argmin(sigma, log(sigma) + 1/2*log(2*pi) + v/(2*sigma**2))", "Insert the Gaussian."),
        Step("sqrt(v)", "The excess is a value of $h$.", Attained("1/2*h(v/sigma**2)")),
        where=(GAUSSIAN,)),
)
