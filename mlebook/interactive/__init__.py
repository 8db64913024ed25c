"""Interactive figures that need no server: pictures to move, on the site and in JupyterLab.

Each function returns a :class:`Figure`; as the last line of a cell it is shown. Without scripts
(in a notebook that is not trusted, on GitHub, in print) one sees a still picture.

>>> noise_to_loss()
<interactive figure noise_to_loss>
"""
from __future__ import annotations

from collections import Counter

from mlebook import datasets
from mlebook.interactive.figure import Figure
from mlebook.interactive.fits import coin_flips, logistic, two_divergences

__all__ = ["Figure", "coin_flips", "galton_sweep", "logistic", "noise_to_loss", "two_divergences"]


def galton_sweep() -> Figure:
    """Likelihood, negative log-likelihood and mean squared error over the slope of Galton's line.

    The line passes through the means, y = ȳ + b(x − x̄), so that the slope b is its only
    parameter. With the sum of squares S(b) and the scale σ, held fixed, in nats:

    - NLL(b) = S(b)/(2σ²) + n log σ + (n/2) log 2π;
    - the likelihood is drawn as exp(NLL(b̂) − NLL(b)), its ratio to the maximum;
    - the mean squared error is S(b)/n, in square inches.

    One can move the slope and the scale. Squares are drawn on the residuals of one child of each
    class of mid-parents, or on those of the means of the classes.

    Source: Galton, F. (1886), as in :func:`mlebook.datasets.galton_heights`.
    """
    heights = datasets.galton_heights()
    pairs = zip(heights.midparent_height.tolist(), heights.child_height.tolist(), strict=True)
    counts = Counter(pairs)
    return Figure(
        "galton_sweep",
        alt="Left, 928 children's heights against their mid-parents' as discs, with a line of "
            "slope 1 through the means and the squares on the residuals of 11 children. Right, "
            "three curves over the slope from 0 to 1.3. The likelihood divided by its maximum is a "
            "narrow bell at 0.646. Negative log-likelihood and mean squared error are one and "
            "the same parabola with two axes, lowest at the same slope. At slope 1 the "
            "likelihood is practically zero.",
        caption="The line turns about the means of both heights. The area of a disc says how "
                "many children it stands for. Squares are drawn for one child of each of the 11 "
                "classes of mid-parents, in turn a quarter and three quarters of the way up its "
                "class; the curves count all 928.",
        data={
            "rows": [[x, y, count] for (x, y), count in sorted(counts.items())],
            "children": _quartile_children(counts),
        },
    )


def _quartile_children(counts: Counter) -> list[list[float]]:
    """One child of each class of mid-parents, in turn at the lower and at the upper quartile."""
    chosen = []
    for place, x in enumerate(sorted({x for x, _ in counts})):
        heights = sorted(y for (a, y), count in counts.items() for _ in range(count) if a == x)
        quarter = 3 if place % 2 else 1
        chosen.append([x, heights[quarter * len(heights) // 4]])
    return chosen


def noise_to_loss() -> Figure:
    r"""Density, negative log-likelihood and pull of four noise models over the residual.

    For a residual r (target minus prediction) and a scale σ > 0, in nats:

    ===========  =====================================================================
    Gaussian     r²/(2σ²) + log σ + ½ log 2π
    Laplace      \|r|/σ + log 2σ
    Student-t    ½(ν+1) log(1 + r²/(νσ²)) + log σ + ½ log νπ + log Γ(ν/2) − log Γ((ν+1)/2)
    Huber        ρ(r/σ) + log σ + log Z, with ρ(u) = u²/2 up to the threshold k and
                 k|u| − k²/2 beyond, Z = √(2π) erf(k/√2) + (2/k) exp(−k²/2)
    ===========  =====================================================================

    One can choose the noise model and move the residual, the scale, the degrees of freedom ν and
    the threshold k. The slope of the third panel is that of the negative log-likelihood in r.

    Source: Huber, P. J. (1964). Robust estimation of a location parameter. Annals of Mathematical
    Statistics 35, 73-101.
    """
    return Figure(
        "noise_to_loss",
        alt="Three panels over the residual from -8 to 8, each with four noise models of scale 1. "
            "Density: the Gaussian has the thinnest tails, Student-t the thickest. Minus the log "
            "of the density: the Gaussian is a steep parabola, Laplace a corner with straight "
            "sides, Huber a parabola with straight sides, Student-t rises ever more slowly. "
            "Slope: the Gaussian's grows without limit, those of Laplace and Huber are bounded, "
            "that of Student-t falls back towards zero. A residual of 5 is marked on the "
            "Gaussian.",
        caption="Thin tails of the density become steep walls of the loss. The right panel shows "
                "how hard a residual pulls the prediction towards its target.",
    )
