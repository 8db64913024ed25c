"""What the Laplace law implies: its moments, the median as minimiser, quantiles.

The sum of absolute errors is read pair by pair: one observation on each side of the middle.
Integrals are split where the absolute value turns.
"""
from __future__ import annotations

from mlebook import proof
from mlebook.proof import (
    AtLeast,
    Attained,
    Bounded,
    ByConvexity,
    ContinuousDensity,
    Definition,
    Derivation,
    DualVector,
    NonzeroReals,
    Positive,
    QuantileDensity,
    Real,
    Reals,
    Size,
    Step,
    Unequal,
    Unit,
)

from .density import ASYMMETRIC, DENSITY, PINBALL, SLUG

_LAW = (Real("mu"), Positive("b"))
_AWAY = (Real("y"), Unequal("mu", other="y"), Positive("b"))
_LOW, _UP = r"\underline{y}", r"\overline{y}"
_PAIRS = (Bounded("low", tex=_LOW, high="mu_hat", sizes=("r",)),
          Bounded("up", tex=_UP, low="mu_hat", sizes=("r",)))
_OUTSIDE = "2*sum(max(low[j] - mu, 0) + max(mu - up[j], 0) for j in r)"
_PAIR_SUM = "sum(abs(low[j] - mu) + abs(up[j] - mu) for j in r)"
_B_HAT = Definition("b_hat", "1/n*sum(abs(r[i]) for i in n)")
_SHARE = Definition("F", "integral(p(y) for y in below(t))", ("t",))
_EXPECTED = "integral(abs(y - mu)*p(y) for y in R)"
_EXPECTED_PINBALL = "integral(pinball(kappa, y - mu)*p(y) for y in R)"
_RESIDUAL = "(y[i] - sum(X[i, j]*w[j] for j in d))"


def _derivation(name, title, given, start, *steps, where=(DENSITY,)):
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, where)


_MOMENTS = (
    _derivation(
        "normalised", "The area is one", _LAW, "integral(p(y, mu, b) for y in R)",
        Step("1/(2*b)*(integral(exp(-(mu - y)/b) for y in below(mu)) "
             "+ integral(exp(-(y - mu)/b) for y in above(mu)))",
             "Split the line at $\\mu$, where the absolute value turns."),
        Step("1/b*integral(exp(-u/b) for u in above(0))",
             "Substitute $u = |y - \\mu|$: both halves have the same area."),
        Step("1/b*b", "The area under an exponential is its scale."),
        Step("1", "The constant in front was chosen for this.")),
    _derivation(
        "location", "The expectation", _LAW, "integral(y*p(y, mu, b) for y in R)",
        Step("mu", "The density is symmetric around $\\mu$ and integrates to one.")),
    _derivation(
        "mean_absolute", "The scale is the expected absolute deviation", _LAW,
        "integral(abs(y - mu)*p(y, mu, b) for y in R)",
        Step("1/b*integral(u*exp(-u/b) for u in above(0))",
             "Substitute $u = |y - \\mu|$; both halves contribute the same."),
        Step("b", "Integrate by parts: the integral is $b^2$.")),
    _derivation(
        "variance", "The variance", _LAW, "integral((y - mu)**2*p(y, mu, b) for y in R)",
        Step("1/b*integral(u**2*exp(-u/b) for u in above(0))",
             "Substitute $u = |y - \\mu|$; both halves contribute the same."),
        Step("2*b**2", "Integrate by parts twice: the integral is $2b^3$.")),
    _derivation(
        "entropy", "The entropy", _LAW,
        "-integral(p(y, mu, b)*log(p(y, mu, b)) for y in R)",
        Step("1/b*integral(abs(y - mu)*p(y, mu, b) for y in R) "
             "+ log(2*b)*integral(p(y, mu, b) for y in R)", "Insert the log of the density."),
        Step("1 + log(2*b)", "The expected absolute deviation is $b$, and the area is one.")),
    _derivation(
        "tail", "The tails fall exponentially", (*_LAW, Positive("t")),
        "integral(p(y, mu, b) for y in above(mu + t))",
        Step("1/2*exp(-t/b)", "Beyond $\\mu$ the density is half an exponential one.")),
)

_SLOPES = (
    _derivation(
        "gradient", "The slope in the prediction", _AWAY, "diff(-log(p(y, mu, b)), mu)",
        Step("diff(abs(y - mu)/b, mu)", "The other term is free of $\\mu$."),
        Step("sign(mu - y)/b",
             "Away from the kink an absolute value is a straight line of slope $1$ or $-1$.")),
    _derivation(
        "curvature", "The curvature", _AWAY, "diff(diff(-log(p(y, mu, b)), mu), mu)",
        Step("diff(sign(mu - y)/b, mu)", "Insert the slope."),
        Step("0", "On either side of the kink the slope does not change.")),
    _derivation(
        "balance", "The slope of a sum of absolute errors counts", (
            Size("n"), Reals("y"), Unequal("mu", other="y[i]")),
        "diff(sum(abs(y[i] - mu) for i in n), mu)",
        Step("sum(sign(mu - y[i]) for i in n)",
             "Each observation below $\\mu$ counts $+1$, each above it $-1$."), where=()),
)

_MEDIAN = (
    _derivation(
        "pair", "A pair costs at least its distance",
        (Real("low", tex=_LOW), Real("up", tex=_UP), Real("mu")),
        "abs(low - mu) + abs(up - mu)",
        Step("up - low + 2*max(low - mu, 0) + 2*max(mu - up, 0)",
             "Between the two it is the distance; outside, the way to the nearer one counts "
             "twice."),
        Step("up - low", "What is left out is never negative, and zero between the two.",
             AtLeast("2*max(low - mu, 0) + 2*max(mu - up, 0)")), where=()),
    _derivation(
        "median_odd", "The middle value is the one minimiser for odd n",
        (Size("r", least=0), Real("mu_hat"), *_PAIRS, Real("mu")),
        f"argmin(mu, abs(mu_hat - mu) + {_PAIR_SUM})",
        Step("mu_hat", "Each pair encloses the middle value, so there it costs its distance, the "
             "least it can; the term of the middle value itself vanishes nowhere else.",
             Attained(f"abs(mu_hat - mu) + {_OUTSIDE}")), where=()),
    _derivation(
        "median_even", "For even n every point between the two middle values is a minimiser",
        (Size("r"), Real("mu_hat"), *_PAIRS, Real("mu")), f"argmin(mu, {_PAIR_SUM})",
        Step("mu_hat", "Each pair encloses the point, so there it costs its distance, the least "
             "it can.", Attained(_OUTSIDE, unique=False)), where=()),
    _derivation(
        "scale", "The scale of maximum likelihood",
        (Size("n"), NonzeroReals("r"), Positive("b")),
        "argmin(b, n*log(2*b) + 1/b*sum(abs(r[i]) for i in n))",
        Step("b_hat", "The excess over the value there is $h$ of a ratio that is 1 only there.",
             Attained("n*h(b_hat/b)")), where=(_B_HAT,)),
    _derivation(
        "population_median", "The slope of the expected absolute error",
        (ContinuousDensity("p"), Real("mu")), f"diff({_EXPECTED}, mu)",
        Step("diff(integral((mu - y)*p(y) for y in below(mu)) "
             "+ integral((y - mu)*p(y) for y in above(mu)), mu)",
             "Split the line at $\\mu$, where the absolute value turns."),
        Step("integral(p(y) for y in below(mu)) - integral(p(y) for y in above(mu))",
             "Leibniz: the ends move, but there the integrands are zero; inside, the slopes in "
             "$\\mu$ are $1$ and $-1$."),
        Step("F(mu) - (1 - F(mu))", "Write the two probabilities with $F$."),
        Step("2*F(mu) - 1", "The slope is zero where half of the probability lies below."),
        where=(_SHARE,)),
    _derivation(
        "population_curvature", "The slope of the expected absolute error increases",
        (ContinuousDensity("p"), Real("mu")), "diff(2*F(mu) - 1, mu)",
        Step("2*p(mu)", "The slope of an integral at its upper end is the integrand there."),
        where=(_SHARE,)),
    _derivation(
        "population_minimum", "The median minimises the expected absolute error",
        (QuantileDensity("p", quantile="m", level="1/2"), Real("mu")), f"argmin(mu, {_EXPECTED})",
        Step("m", "The slope vanishes there, and the curvature $2\\,p(\\mu)$ is positive "
             "everywhere.", ByConvexity()), where=()),
    _derivation(
        "dual", "How low a sum of absolute errors can be",
        (Size("n"), Size("d"), Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)),
         DualVector("psi")), f"sum(abs{_RESIDUAL} for i in n)",
        Step(f"sum(psi[i]*{_RESIDUAL} for i in n)",
             "A number between $-1$ and $1$ times a residual is at most its absolute value.",
             AtLeast(f"sum(abs{_RESIDUAL} - psi[i]*{_RESIDUAL} for i in n)")),
        Step("sum(psi[i]*y[i] for i in n)",
             "The weights drop out, since $\\boldsymbol{\\psi}$ is orthogonal to every column."),
         where=()),
)

_LEVEL = (Unit("kappa"),)
_QUANTILE_PAIRS = (Size("r", least=0), Size("k", least=0), Real("mu_hat"),
                   Bounded("low", tex=_LOW, high="mu_hat", sizes=("r",)),
                   Bounded("up", tex=_UP, low="mu_hat", sizes=("k",)),
                   Bounded("kappa", low="r/(r + k + 1)", high="(r + 1)/(r + k + 1)"), Real("mu"))

_QUANTILES = (
    proof.DisplayedDefinition(PINBALL.address, "The pinball loss", _LEVEL, PINBALL),
    proof.DisplayedDefinition(ASYMMETRIC.address, "The asymmetric Laplace density", _LEVEL,
                              ASYMMETRIC, (PINBALL,)),
    _derivation(
        "pinball_slopes", "The pinball loss has two slopes", (*_LEVEL, Real("r")),
        "pinball(kappa, r)",
        Step("kappa*max(r, 0) + (1 - kappa)*max(-r, 0)",
             "A target above the prediction costs $\\kappa$ a unit, one below $1 - \\kappa$."),
        where=(PINBALL,)),
    _derivation(
        "pinball_half", "At the level one half it is half the absolute error", (Real("r"),),
        "pinball(1/2, r)", Step("1/2*abs(r)", "Both slopes are one half."), where=(PINBALL,)),
    _derivation(
        "asymmetric_normalised", "The area of the asymmetric density is one", (*_LEVEL, *_LAW),
        "integral(tilted(kappa, y, mu, b) for y in R)",
        Step("kappa*(1 - kappa)/b*(integral(exp(-(1 - kappa)*u/b) for u in above(0)) "
             "+ integral(exp(-kappa*u/b) for u in above(0)))",
             "Split the line at $\\mu$ and substitute $u = |y - \\mu|$ on each side."),
        Step("kappa*(1 - kappa)/b*(b/(1 - kappa) + b/kappa)",
             "The area under an exponential is its scale."),
        Step("1", "The two shares are $\\kappa$ and $1 - \\kappa$."), where=(PINBALL, ASYMMETRIC)),
    _derivation(
        "asymmetric_below", "The location is the quantile", (*_LEVEL, *_LAW),
        "integral(tilted(kappa, y, mu, b) for y in below(mu))",
        Step("kappa*(1 - kappa)/b*integral(exp(-(1 - kappa)*u/b) for u in above(0))",
             "Below $\\mu$ the slope is $1 - \\kappa$; substitute $u = \\mu - y$."),
        Step("kappa", "The area under an exponential is its scale."), where=(PINBALL, ASYMMETRIC)),
    _derivation(
        "asymmetric_half", "At the level one half it is the Laplace law", (Real("y"), *_LAW),
        "tilted(1/2, y, mu, b)",
        Step("p(y, mu, 2*b)", "The pinball loss is half the absolute error, and the half goes "
             "to the scale."), where=(PINBALL, ASYMMETRIC, DENSITY)),
    _derivation(
        "asymmetric_nll", "The pinball loss is a negative log-likelihood",
        (*_LEVEL, Real("y"), *_LAW), "-log(tilted(kappa, y, mu, b))",
        Step("pinball(kappa, y - mu)/b - log(kappa*(1 - kappa)/b)",
             "The log of a product is the sum of the logs, and log undoes exp."),
        where=(PINBALL, ASYMMETRIC)),
    _derivation(
        "quantile_slope", "The slope of the expected pinball loss",
        (*_LEVEL, ContinuousDensity("p"), Real("mu")), f"diff({_EXPECTED_PINBALL}, mu)",
        Step("(1 - kappa)*integral(p(y) for y in below(mu)) "
             "- kappa*integral(p(y) for y in above(mu))",
             "Split the line at $\\mu$. By Leibniz the moving ends add nothing: the integrands are "
             "zero there."),
        Step("(1 - kappa)*F(mu) - kappa*(1 - F(mu))", "Write the two probabilities with $F$."),
        Step("F(mu) - kappa", "The slope is zero where the share $\\kappa$ lies below."),
        where=(PINBALL, _SHARE)),
    _derivation(
        "quantile_minimum", "The quantile minimises the expected pinball loss",
        (*_LEVEL, QuantileDensity("p", quantile="m", level="kappa"), Real("mu")),
        f"argmin(mu, {_EXPECTED_PINBALL})",
        Step("m", "The slope vanishes there, and the curvature $p(\\mu)$ is positive everywhere.",
             ByConvexity()), where=(PINBALL,)),
    _derivation(
        "quantile_sample", "A sample quantile minimises the summed pinball loss", _QUANTILE_PAIRS,
        "argmin(mu, pinball(kappa, mu_hat - mu) + sum(pinball(kappa, low[j] - mu) for j in r) "
        "+ sum(pinball(kappa, up[j] - mu) for j in k))",
        Step("mu_hat", "With $r$ values below and $k$ above, the level lies between the shares "
             "$r/n$ and $(r + 1)/n$ of the $n = r + k + 1$ values; no part of the excess is "
             "negative.",
             Attained("sum(max(low[j] - mu, 0) for j in r) + sum(max(mu - up[j], 0) for j in k) "
                      "+ (kappa*(r + k + 1) - r)*max(mu_hat - mu, 0) "
                      "+ (r + 1 - kappa*(r + k + 1))*max(mu - mu_hat, 0)", unique=False)),
        where=(PINBALL,)),
)

#: In the order of the chapter.
MEDIAN = (*_MOMENTS, *_SLOPES, *_MEDIAN, *_QUANTILES)
