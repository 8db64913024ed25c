"""Interactive figures that need no server: pictures to move, on the site and in JupyterLab.

Each function returns a :class:`Figure`; as the last line of a cell it is shown. Without scripts
(in a notebook that is not trusted, on GitHub, in print) one sees a still picture.

>>> noise_to_loss()
<interactive figure noise_to_loss>
"""
from __future__ import annotations

from mlebook.interactive.figure import Figure

__all__ = ["Figure", "noise_to_loss"]


def noise_to_loss() -> Figure:
    """Density, negative log-likelihood and pull of four noise models over the residual.

    For a residual r (target minus prediction) and a scale s > 0, in nats:

    ===========  =====================================================================
    Gaussian     r²/(2s²) + log s + ½ log 2π
    Laplace      \\|r|/s + log 2s
    Student-t    ½(ν+1) log(1 + r²/(νs²)) + log s + ½ log νπ + log Γ(ν/2) − log Γ((ν+1)/2)
    Huber        ρ(r/s) + log s + log Z, with ρ(u) = u²/2 up to the threshold k and
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
            "sides, Huber a parabola with straight sides, Student-t bends outwards and is nearly "
            "level. Slope: the Gaussian's grows without limit, those of Laplace and Huber are "
            "bounded, that of Student-t falls back towards zero. A residual of 5 is marked on "
            "the Gaussian.",
        caption="Thin tails of the density become steep walls of the loss. The right panel shows "
                "how hard a residual pulls the prediction towards its target.",
    )
