"""The mathematics of the interactive figures agrees with torch, and a wrong formula would not."""
import math

import numpy as np
import pytest
import torch
from scipy import integrate

from mlebook import datasets, interactive
from mlebook.interactive.figure import read
from tools.stills import engine

TOLERANCE = 1e-9  # relative, absolute below one
RESIDUALS = (-1e4, -8.0, -1.35, -0.3, 0.0, 1e-6, 0.5, 1.0, 2.5, 40.0, 1e4)
PARAMETERS = [
    {"scale": scale, "freedom": freedom, "threshold": threshold}
    for scale, freedom, threshold in (
        (1.0, 3.0, 1.35), (0.6, 1.0, 0.5), (3.0, 30.0, 3.0), (1e-3, 0.5, 0.05), (1e3, 1e4, 9.0))
]
NOISES = ("gaussian", "laplace", "student", "huber")
SLOPES = (-3.0, 0.0, 0.646, 1.0, 1.3, 50.0)


def tensor(values):
    return torch.as_tensor(values, dtype=torch.float64)


def huber_area(threshold):
    """The area under e^(-huber) by quadrature, in three pieces."""
    def height(r):
        return math.exp(-float(torch.nn.functional.huber_loss(
            tensor(r), tensor(0.0), delta=threshold)))

    middle, _ = integrate.quad(height, 0, threshold, epsabs=1e-13)
    tail, _ = integrate.quad(height, threshold, math.inf, epsabs=1e-13, limit=200)
    return 2 * (middle + tail)


AREAS = {parameters["threshold"]: huber_area(parameters["threshold"]) for parameters in PARAMETERS}


def torch_nll(noise, residual, parameters):
    """The negative log-likelihood of a residual by torch.distributions, or by quadrature."""
    scale, zero = tensor(parameters["scale"]), tensor(0.0)
    if noise == "huber":
        loss = torch.nn.functional.huber_loss(
            residual / scale, zero, delta=parameters["threshold"])
        return loss + scale.log() + math.log(AREAS[parameters["threshold"]])
    law = {
        "gaussian": lambda: torch.distributions.Normal(zero, scale),
        "laplace": lambda: torch.distributions.Laplace(zero, scale),
        "student": lambda: torch.distributions.StudentT(tensor(parameters["freedom"]), zero, scale),
    }[noise]()
    return -law.log_prob(residual)


def torch_slope(noise, residual, parameters):
    residual = tensor(residual).requires_grad_()
    return torch.autograd.grad(torch_nll(noise, residual, parameters), residual)[0]


def noise_cases():
    """Formula, arguments and torch's value for each noise model."""
    for noise in NOISES:
        places = [(noise, r, p) for r in RESIDUALS for p in PARAMETERS]
        nll = [float(torch_nll(n, tensor(r), p)) for n, r, p in places]
        yield f"nll {noise}", "f.nll", places, nll
        yield f"density {noise}", "f.density", places, [math.exp(-value) for value in nll]
        slopes = [float(torch_slope(*place)) for place in places]
        yield f"slope {noise}", "(n, r, p) => f.noises[n].slope(r, p)", places, slopes
        affine = "({factor, loss, shift}, r, p) => factor(p) * loss(r, p) + shift(p)"
        yield f"affine {noise}", f"(n, r, p) => ({affine})(f.noises[n], r, p)", places, nll


def special_cases():
    """The special functions, and Huber's loss with its area."""
    x = np.concatenate([-np.logspace(-8, 1, 40), [0], np.logspace(-8, 1, 40)]).tolist()
    yield "erf", "f.erf", [(v,) for v in x], torch.erf(tensor(x)).tolist()
    x = np.logspace(-6, 6, 60).tolist()
    yield "logGamma", "f.logGamma", [(v,) for v in x], torch.lgamma(tensor(x)).tolist()
    places = [(r, k) for r in RESIDUALS for k in AREAS]
    losses = [float(torch.nn.functional.huber_loss(tensor(r), tensor(0.0), delta=k))
              for r, k in places]
    yield "huber", "f.huber", places, losses
    yield "huberArea", "f.huberArea", [(k,) for k in AREAS], list(AREAS.values())


def galton():
    heights = datasets.galton_heights()
    return heights.tensor("midparent_height"), heights.tensor("child_height")


def line_cases():
    """What the sweep over the slope of Galton's line needs: counted rows against 928 children."""
    x, y = galton()
    rows = interactive.galton_sweep().data["rows"]
    residuals = {b: y - y.mean() - b * (x - x.mean()) for b in SLOPES}
    yield ("squaredError", "(rows, b) => f.squaredError(f.moments(rows), b)",
           [(rows, b) for b in SLOPES], [float(r.square().sum()) for r in residuals.values()])
    design = torch.stack([torch.ones_like(x), x], dim=1)
    best = float(torch.linalg.lstsq(design, y[:, None]).solution[1, 0])
    yield "bestSlope", "(rows) => f.bestSlope(f.moments(rows))", [(rows,)], [best]
    total = "(rows, b, s) => f.gaussianNll(f.squaredError(f.moments(rows), b), 928, s)"
    places = [(rows, b, s) for b in SLOPES for s in (1.0, 2.24, 5.0)]
    laws = [torch.distributions.Normal(tensor(0.0), tensor(s)) for _, _, s in places]
    yield ("gaussianNll", total, places,
           [-float(law.log_prob(residuals[b]).sum())
            for law, (_, b, _) in zip(laws, places, strict=True)])
    levels = x.unique().tolist()
    means = "(rows, x) => f.classMeans(rows).find(([a]) => a === x)[1]"
    yield ("classMeans", means, [(rows, level) for level in levels],
           [float(y[x == level].mean()) for level in levels])


CASES = [*noise_cases(), *special_cases(), *line_cases()]


def disagreements(script, cases=CASES):
    """The names of the formulas that are further from torch than the tolerance."""
    found = []
    with engine(script + "const f = MLE.formulas;") as running:
        for name, formula, places, wanted in cases:
            running.eval(f"globalThis.each = (places) => places.map((a) => ({formula})(...a));")
            values = [v if v is not None else math.nan
                      for v in running.call("each", [list(place) for place in places])]
            error = [abs(v - w) / max(1, abs(w)) for v, w in zip(values, wanted, strict=True)]
            if not max(error) <= TOLERANCE:  # also where one is not a number
                found.append(name)
    return found


def test_formulas_agree_with_torch():
    assert disagreements(read("js/formulas.js")) == []


def test_every_formula_is_compared():
    with engine(read("js/formulas.js")) as running:
        names = set(running.eval("Object.keys(MLE.formulas).join()").split(","))
    compared = " ".join(f"{name} {formula}" for name, formula, _, _ in CASES)
    assert [name for name in names if name not in compared] == []


@pytest.mark.parametrize("right, wrong", [
    ("(2 * x * x) / odd", "(2 * x * x) / (odd + 1)"),
    ("1 / 1260", "1 / 1620"),
    ("(threshold * threshold) / 2;", "(threshold * threshold);"),
    ("(2 / threshold) * Math.exp", "(1 / threshold) * Math.exp"),
    ("factor: ({ scale }) => 1 / (2 * scale * scale)", "factor: ({ scale }) => 1 / (2 * scale)"),
    ("Math.log(2 * scale)", "Math.log(scale)"),
    ("slope: (r, { scale }) => Math.sign(r) / scale", "slope: (r) => Math.sign(r)"),
    ("factor: ({ freedom }) => (freedom + 1) / 2", "factor: ({ freedom }) => freedom / 2"),
    ("logGamma(freedom / 2) - logGamma((freedom + 1) / 2)",
     "logGamma((freedom + 1) / 2) - logGamma(freedom / 2)"),
    ("freedom * scale * scale + r * r", "freedom * scale + r * r"),
    ("r / scale)) / scale", "r / scale))"),
    ("Math.log(scale) + Math.log(huberArea", "Math.log(huberArea"),
    ("2 * slope * m.xy", "slope * m.xy"),
    ("m.xy / m.xx", "m.xy / m.yy"),
    ("sum / (2 * scale * scale) +", "sum / (scale * scale) +"),
    ("x, sum / n, n", "x, sum, n"),
    ("const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2",
     "const HALF_LOG_TWO_PI = Math.log(2 * Math.PI)"),
])
def test_a_wrong_formula_is_seen(right, wrong):
    script = read("js/formulas.js")
    assert script.count(right) == 1, f"{right!r} is not in formulas.js once"
    assert disagreements(script.replace(right, wrong)) != []
