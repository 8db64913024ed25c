"""What goes wrong when the log-variance is learnt, and what helps: the proofs.

Sources: Nix and Weigend (1994) for the loss; Seitzer et al. (2022) for the starved gradients
and the β-NLL; Chua et al. (2018) for the bounded log-variance.
"""
from __future__ import annotations

from mlebook.losses.heteroscedastic.shared import ONE, derivation
from mlebook.proof import (
    AtLeast,
    Attained,
    Limit,
    Positive,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
)

_NLL = "-log(p(y, mu, s))"

FAILURES = (
    derivation(
        "unbounded", "A residual of zero has no best log-variance",
        (Real("y"), Real("u"), Real("a")), "a - log(p(y, y, -u))",
        Step("a + 1/2*(log(2*pi) - u)", "The residual is zero, and $a$ is what the other "
             "observations cost."),
        Step("-oo", "Nothing stops the log-variance $-u$ from falling.", Limit("u", "oo"))),
    derivation(
        "profile", "With its best log-variance, an observation costs the log of its residual",
        (Positive("r", tex="|r|"),), "-log(p(r, 0, log(r**2)))",
        Step("1/2*(log(2*pi) + log(r**2) + r**2*exp(-log(r**2)))",
             "Insert the best log-variance."),
        Step("log(r) + 1/2*(log(2*pi) + 1)", "The last term is one."),),
    derivation(
        "profile_limit", "And the log has no lower bound", (Positive("r", tex="|r|"),),
        "log(r) + 1/2*(log(2*pi) + 1)",
        Step("-oo", "As the residual shrinks.", Limit("r", "0")), where=()),
    derivation(
        "scaled", "Squared error's gradient, divided by the variance", ONE,
        f"diff({_NLL}, mu)",
        Step("exp(-s)*diff(1/2*(y - mu)**2, mu)", "Only the last term contains $\\mu$.")),
    derivation(
        "starved", "With its best log-variance, a large residual pulls less",
        (Positive("r"),), "-r*exp(-log(r**2))",
        Step("-1/r", "The variance is the squared residual."),
        Step("0", "So the worst fitted points stop asking for a better fit.",
             Limit("r", "oo")), where=()),
)

HELP = (
    derivation(
        "beta_loc", "β-NLL: the slope in the location", (*ONE, Real("beta")),
        f"exp(beta*s)*diff({_NLL}, mu)",
        Step("(mu - y)*exp(-(1 - beta)*s)", "The weight stands outside the derivative.")),
    derivation(
        "beta_one", "β = 1 gives the location the slope of squared error", ONE,
        f"exp(s)*diff({_NLL}, mu)",
        Step("diff(1/2*(y - mu)**2, mu)", "The variance cancels.")),
    derivation(
        "beta_log_variance", "β-NLL: the slope in the log-variance", (*ONE, Real("beta")),
        f"exp(beta*s)*diff({_NLL}, s)",
        Step("1/2*exp(beta*s)*(1 - (y - mu)**2*exp(-s))", "A positive factor: the same zero.")),
    derivation(
        "beta_curl", "Unless β is zero, no loss has these slopes", (*ONE, Real("beta")),
        f"diff(exp(beta*s)*diff({_NLL}, mu), s) - diff(exp(beta*s)*diff({_NLL}, s), mu)",
        Step("diff((mu - y)*exp(-(1 - beta)*s), s)"
             " - diff(1/2*exp(beta*s)*(1 - (y - mu)**2*exp(-s)), mu)", "Insert both slopes."),
        Step("(1 - beta)*(y - mu)*exp(-(1 - beta)*s) - (y - mu)*exp(-(1 - beta)*s)",
             "Differentiate each by the other output."),
        Step("-beta*(y - mu)*exp(-(1 - beta)*s)",
             "For a function of both outputs the order of differentiation would not matter.")),
    derivation(
        "floor", "A floor under the log-variance is a floor under the loss",
        (Real("y"), Real("mu"), Real("a", tex="s_{\\min}"), Positive("u")),
        "-log(p(y, mu, a + u))",
        Step("1/2*(log(2*pi) + a)", "What was left out is never negative.",
             AtLeast("1/2*u + 1/2*(y - mu)**2*exp(-a - u)"))),
    derivation(
        "prior", "A prior on one log-variance acts like further observations",
        (Size("n"), Reals("r"), Real("s"), Positive("k", tex="n_0"), Positive("u", tex="v_0")),
        "argmin(s, sum(-log(p(r[i], 0, s)) for i in n) + k/2*(s + u*exp(-s)))",
        Step("argmin(s, 1/2*(n + k)*s + 1/2*(sum(r[i]**2 for i in n) + k*u)*exp(-s))",
             "Collect the terms with $s$ and those with $e^{-s}$.",
             SameMinimiser("1", "n/2*log(2*pi)")),
        Step("log((sum(r[i]**2 for i in n) + k*u)/(n + k))",
             "The excess is $h$ of a ratio that is 1 only there; it exists even if every "
             "residual is zero.",
             Attained("1/2*(n + k)*h((sum(r[i]**2 for i in n) + k*u)/(n + k)*exp(-s))"))),
)

REMEDIES = (*FAILURES, *HELP)
