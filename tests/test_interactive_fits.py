"""Coins, two divergences and logistic regression: the figures' mathematics agrees with torch."""
import itertools
import json
import math

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from scipy import optimize
from test_interactive_formulas import disagreements

from mlebook import estimators, interactive
from mlebook.interactive.figure import read
from tools.stills import engine

SCRIPT = read("js/formulas_fits.js")
HUGE = 1e9  # stands for infinity, which has no difference from itself
COUNTS = [(0, 0), (2, 1), (4, 0), (0, 3), (15, 8), (977, 426)]
PENGUINS = interactive.two_divergences().data
MIXTURES = [PENGUINS, {"weights": [0.5, 0.5], "means": [12.5, 12.5], "scales": [0.6, 0.7]},
            {"weights": [0.9, 0.1], "means": [8.5, 16.5], "scales": [0.64, 0.71]}]
GAUSSIANS = [(12.0, 1.2), (10.5, 0.65), (7.0, 4.0), (18.0, 0.3)]
XS = [1.5, 2.6, 4.0, 6.2, 5.0, 6.9, 7.8, 9.0]
YS = [0, 0, 0, 0, 1, 1, 1, 1]
WEIGHTS = [(0.0, 0.0), (-6.4, 1.16), (3.0, -0.7), (-140.0, 30.0)]


def tensor(values):
    return torch.as_tensor(values, dtype=torch.float64)


def law(q):
    return torch.distributions.Normal(tensor(q[0]), tensor(q[1]))


def mixture(p):
    parts = torch.distributions.Normal(tensor(p["means"]), tensor(p["scales"]))
    chances = torch.distributions.Categorical(probs=tensor(p["weights"]))
    return torch.distributions.MixtureSameFamily(chances, parts)


def moved(q):
    return {"mean": q[0], "scale": q[1]}


# ---- coins ------------------------------------------------------------------------------


def coin_nll(theta, heads, tails):
    theta = tensor(theta)
    return float(-torch.xlogy(tensor(heads), theta) - torch.xlogy(tensor(tails), 1 - theta))


def half_height(heads, tails, end):
    """Where the likelihood is half of its maximum, on the side of this end, by Brent's method."""
    best = heads / (heads + tails)
    limit = coin_nll(best, heads, tails) + math.log(2)
    if coin_nll(end, heads, tails) <= limit:
        return end
    beyond = end + (1e-12 if end == 0 else -1e-12)
    return optimize.brentq(lambda t: coin_nll(t, heads, tails) - limit, best, beyond, xtol=1e-14)


def coin_cases():
    """Formula, arguments and torch's value for the coin."""
    places = [(theta, *counts) for theta in (0.0, 1e-6, 0.3, 0.5, 1 - 1e-9, 1.0)
              for counts in COUNTS]
    nll = [coin_nll(*place) for place in places]
    yield ("coinNll", f"(...a) => Math.min({HUGE}, f.coinNll(...a))", places,
           [min(HUGE, value) for value in nll])
    yield "coinLikelihood", "f.coinLikelihood", places, [math.exp(-value) for value in nll]
    seen = [(h, t) for h, t in COUNTS if h + t]
    yield "coinEstimate", "f.coinEstimate", seen, [h / (h + t) for h, t in seen]
    yield ("coinLogArea", "f.coinLogArea", COUNTS,
           [float(torch.lgamma(tensor([h + 1, t + 1])).sum() - torch.lgamma(tensor(h + t + 2)))
            for h, t in COUNTS])
    for end in (0, 1):
        yield (f"coinHalfHeight to {end}", f"(h, t) => f.coinHalfHeight(h, t)[{end}]", seen,
               [half_height(h, t, end) for h, t in seen])


# ---- divergences -------------------------------------------------------------------------


def kl(p, q, reverse):
    """A divergence as a sum over a fine grid, differentiable in q = (mean, log of the scale)."""
    x = torch.linspace(-40, 60, 20_001, dtype=torch.float64)
    log_p = mixture(p).log_prob(x)
    log_q = torch.distributions.Normal(q[0], q[1].exp()).log_prob(x)
    first, second = (log_q, log_p) if reverse else (log_p, log_q)
    return (first.exp() * (first - second)).sum() * (x[1] - x[0])


def divergence_cases():
    """Densities, quadrature, both divergences, and the derivatives of the reverse one."""
    x = [-5.0, 8.0, 10.5, 12.4, 17.0, 40.0]
    places = [(v, *q) for v in x for q in GAUSSIANS]
    yield ("gaussianLog", "f.gaussianLog", places,
           [float(law(q).log_prob(tensor(v))) for v, *q in places])
    places = [(v, p) for v in x for p in MIXTURES]
    yield "mixtureLog", "f.mixtureLog", places, [float(mixture(p).log_prob(tensor(v)))
                                                for v, p in places]
    yield "mixtureSlope", "f.mixtureSlope", places, [slope_of_mixture(v, p) for v, p in places]
    fourth = [m**4 + 6 * m**2 * s**2 + 3 * s**4 for m, s in GAUSSIANS]
    yield ("gaussianMoments, 0", "(q) => f.gaussianMoments((x) => x ** 4, q)[0]",
           [(moved(q),) for q in GAUSSIANS], fourth)
    yield ("gaussianMoments, 3", "(q) => f.gaussianMoments((x) => x, q, 3)[3]",
           [(moved(q),) for q in GAUSSIANS], [3 * s for _, s in GAUSSIANS])  # E[(m + s z) z³]
    yield ("forwardFit mean", "(p) => f.forwardFit(p).mean", [(p,) for p in MIXTURES],
           [float(mixture(p).mean) for p in MIXTURES])
    yield ("forwardFit scale", "(p) => f.forwardFit(p).scale", [(p,) for p in MIXTURES],
           [float(mixture(p).variance.sqrt()) for p in MIXTURES])
    pairs = [(p, q) for p in MIXTURES for q in GAUSSIANS]
    for name, reverse in (("forwardKl", False), ("reverseKl", True)):
        yield (name, "f." + name, [(p, moved(q)) for p, q in pairs],
               [float(kl(p, tensor([q[0], math.log(q[1])]), reverse)) for p, q in pairs])
    yield from slope_cases(pairs)


def slope_of_mixture(x, p):
    x = tensor(x).requires_grad_()
    return float(torch.autograd.grad(mixture(p).log_prob(x), x)[0])


def slope_cases(pairs):
    """Gradient and Hessian of KL(q‖p) by automatic differentiation."""
    points = [tensor([q[0], math.log(q[1])]) for _, q in pairs]
    gradients = [torch.func.grad(lambda at, p=p: kl(p, at, True))(point)
                 for (p, _), point in zip(pairs, points, strict=True)]
    hessians = [torch.autograd.functional.hessian(lambda at, p=p: kl(p, at, True), point)
                for (p, _), point in zip(pairs, points, strict=True)]
    places = [(p, moved(q)) for p, q in pairs]
    for key, values in {
        "m": [g[0] for g in gradients], "l": [g[1] for g in gradients],
        "mm": [h[0, 0] for h in hessians], "ml": [h[0, 1] for h in hessians],
        "ll": [h[1, 1] for h in hessians],
    }.items():
        yield (f"reverseSlopes {key}", f"(p, q) => f.reverseSlopes(p, q).{key}", places,
               [float(value) for value in values])


# ---- logistic regression -------------------------------------------------------------------


def logistic_nll(w, xs=XS, ys=YS):
    return torch.nn.functional.binary_cross_entropy_with_logits(
        w[0] + w[1] * tensor(xs), tensor(ys), reduction="sum")


def newton(steps):
    """Plain Newton steps from zero, with torch's own derivatives."""
    w = tensor([0.0, 0.0])
    for _ in range(steps):
        slope = torch.autograd.functional.jacobian(logistic_nll, w)
        w = w - torch.linalg.solve(torch.autograd.functional.hessian(logistic_nll, w), slope)
    return w


def profile(slope):
    """The least NLL at a slope, over the intercept, by SciPy."""
    shifts = [min(-slope * x for x in XS) - 40, max(-slope * x for x in XS) + 40]
    return optimize.minimize_scalar(
        lambda a: float(logistic_nll((a, slope))), bounds=shifts, method="bounded",
        options={"xatol": 1e-9}).fun


def logistic_cases():
    """Sigmoid, losses, Newton's path, the fit by statsmodels, and the profile over the slope."""
    z = tensor([-1e4, -40.0, -1.0, 0.0, 1e-9, 2.0, 40.0, 1e4])
    column = [(v,) for v in z.tolist()]
    yield "sigmoid", "f.sigmoid", column, torch.sigmoid(z).tolist()
    yield "softplus", "f.softplus", column, torch.nn.functional.softplus(z, threshold=1e9).tolist()
    for y in (0, 1):
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            z, torch.full_like(z, y), reduction="none")
        yield f"logisticLoss {y}", "f.logisticLoss", [(v[0], y) for v in column], losses.tolist()
    yield ("logisticNll", "f.logisticNll",
           [(XS, YS, {"intercept": a, "slope": b}) for a, b in WEIGHTS],
           [float(logistic_nll(w)) for w in WEIGHTS])
    fitted = sm.Logit(YS, sm.add_constant(XS)).fit(method="newton", disp=0, maxiter=50, tol=1e-14)
    for i, key in enumerate(("intercept", "slope")):
        yield (f"logisticPath {key}", f"(k) => f.logisticPath({XS}, {YS}, k)[k].{key}",
               [(k,) for k in range(5)], [float(newton(k)[i]) for k in range(5)])
        yield (f"logisticPath, end, {key}", f"() => f.logisticPath({XS}, {YS}, 12)[12].{key}",
               [()], [float(fitted.params[i])])
    slopes = [-6.0, -0.1, 0.0, 1.16, 8.0, 30.0]
    yield ("logisticProfile", f"(b) => f.logisticProfile({XS}, {YS}, b)",
           [(b,) for b in slopes], [profile(b) for b in slopes])


CASES = [*coin_cases(), *divergence_cases(), *logistic_cases()]
ELSEWHERE = {"reverseFit", "separation"}  # functions with a test of their own below


def test_formulas_agree_with_torch():
    assert disagreements(SCRIPT, CASES) == []


def test_every_formula_is_compared():
    with engine(SCRIPT) as running:
        names = set(running.eval("Object.keys(MLE.formulas).join()").split(","))
    compared = " ".join(f"{name} {formula}" for name, formula, _, _ in CASES)
    assert [name for name in names - ELSEWHERE if name not in compared] == []


@pytest.mark.parametrize("right, wrong", [
    ("count === 0 ? 0 : ", ""),
    ("Math.log1p(-p)", "Math.log1p(p)"),
    ("+ Math.LN2", "+ 2"),
    ("-Math.log(heads + tails + 1) - logChoose", "-Math.log(heads + tails) - logChoose"),
    ("-0.5 * z * z - Math.log(scale)", "-0.5 * z * z + Math.log(scale)"),
    ("Math.log(p.weights[k]) + ", ""),
    ("(p.means[k] - x)) / p.scales[k] ** 2", "(p.means[k] - x)) / p.scales[k]"),
    ("w * (p.scales[k] ** 2 + ", "w * (p.scales[k] + "),
    ("mixtureLog(x, p) - gaussianLog(x, q.mean, q.scale)",
     "gaussianLog(x, q.mean, q.scale) - mixtureLog(x, p)"),
    ("-1 - scale * g[1]", "1 - scale * g[1]"),
    ("g[0] - g[2]", "g[2] - g[0]"),
    ("y ? -z : z", "y ? z : -z"),
    ("Math.exp(-Math.abs(z))", "Math.exp(z)"),
    ("curve * (x - centre) ** 2", "curve * x ** 2"),
    ("ys[i] ? sigmoid(-z) : -sigmoid(z)", "ys[i] ? sigmoid(-z) : sigmoid(z)"),
])
def test_a_wrong_formula_is_seen(right, wrong):
    assert SCRIPT.count(right) == 1, f"{right!r} is not in formulas_fits.js once"
    assert disagreements(SCRIPT.replace(right, wrong), CASES) != []


@pytest.mark.parametrize("start", [(10.0, 1.0), (15.0, 1.0), (12.0, math.e), (18.0, 0.3)])
def test_the_reverse_fit_ends_in_a_dip(start):
    """Slope zero and curved upwards by torch, and the dip that torch's own descent finds."""
    with engine(SCRIPT) as running:
        running.eval("const fit = (p, q) => MLE.formulas.reverseFit(p, q);")
        q = running.call("fit", PENGUINS, moved(start))
    point = tensor([q["mean"], math.log(q["scale"])])
    slope = torch.func.grad(lambda at: kl(PENGUINS, at, True))(point)
    hessian = torch.autograd.functional.hessian(lambda at: kl(PENGUINS, at, True), point)
    assert slope.abs().max() < 1e-6
    assert torch.linalg.eigvalsh(hessian).min() > 0
    if start != (18.0, 0.3):  # so far away torch's descent takes other turns
        torchs = estimators.fit(lambda at: kl(PENGUINS, at, True), [start[0], math.log(start[1])])
        np.testing.assert_allclose(point, torchs.params, atol=1e-6)


def separated(xs, ys):
    """By trying every boundary: None, "touch" or "gap"."""
    places = sorted(set(xs))
    middles = [(a + b) / 2 for a, b in itertools.pairwise(places)]
    found = None
    for c, sign in itertools.product([*places, *middles], (-1, 1)):
        margins = [sign * (2 * y - 1) * (x - c) for x, y in zip(xs, ys, strict=True)]
        if min(margins) > 0:
            return "gap"
        if min(margins) == 0 and max(margins) > 0:
            found = "touch"
    return found


def test_separation_is_exact_on_every_small_data_set():
    ys = [0, 0, 1, 1]
    kinds = set()
    with engine(SCRIPT) as running:
        running.eval("const f = MLE.formulas, apart = (x, y) => JSON.stringify(f.separation(x, y)),"
                     " far = (x, y, b) => f.logisticProfile(x, y, b);")
        for xs in itertools.product(range(4), repeat=4):
            found = json.loads(running.call("apart", xs, ys))
            same = len(set(xs)) == 1
            assert found["kind"] == (separated(xs, ys) or ("one place" if same else "overlap")), xs
            kinds.add(found["kind"])
            if "least" in found:  # what the NLL comes close to on the way to infinity
                steep = running.call("far", xs, ys, 200 if found["rising"] else -200)
                assert steep == pytest.approx(found["least"], abs=1e-9), xs
    assert kinds == {"gap", "touch", "overlap", "one place"}


def test_separable_data_are_refused_by_the_fitter_too():
    xs = [4.4 if x == 6.2 else x for x in XS]
    design = estimators.design_matrix(tensor(xs))
    with engine(SCRIPT) as running:
        running.eval("const kind = (x, y) => MLE.formulas.separation(x, y).kind;")
        assert [running.call("kind", data, YS) for data in (XS, xs)] == ["overlap", "gap"]
    from mlebook.losses import binary_cross_entropy

    assert not estimators.fit_linear(binary_cross_entropy, design, tensor(YS)).converged
