"""Figures in which something is fitted: a coin, one Gaussian to two bumps, a logistic curve."""
from __future__ import annotations

from mlebook import datasets
from mlebook.interactive.figure import Figure

FORMULAS = ("formulas_fits",)


def coin_flips() -> Figure:
    """The likelihood of a coin's probability of heads and its negative log, as flips come in.

    For k heads in n flips, in nats:

    - L(θ) = θᵏ (1 − θ)ⁿ⁻ᵏ and NLL(θ) = −k log θ − (n − k) log(1 − θ), largest and least at k/n;
    - the area under L(θ) from 0 to 1 is k! (n − k)! / (n + 1)!, and not 1.

    One can move the candidate θ and add flips: single ones, or those of a coin with P(heads) = .7,
    the same for every reader.

    Source: Edwards, A. W. F. (1972). Likelihood.

    >>> coin_flips()
    <interactive figure coin_flips>
    """
    return Figure(
        "coin_flips",
        alt="Two panels over the candidate theta from 0 to 1, for the flips Heads, Heads, Tail. "
            "Left, the likelihood rises from 0 to 0.148 at two thirds and falls to 0 at 1; a "
            "bracket marks the wide range in which it is at least half as high. Right, its "
            "negative log is lowest at the same theta and grows without limit at 0 and at 1.",
        caption="The bracket spans the candidates whose likelihood is at least half of the "
                "largest. The axis of the likelihood shows how small it becomes: the hill itself "
                "is always drawn equally high.",
        formulas=FORMULAS,
    )


def two_divergences() -> Figure:
    """One Gaussian q on a mixture p of two Gaussians, judged by both divergences.

    In nats, by quadrature:

    - KL(p‖q) = ∫ p log(p/q) dx, least where q has the mean and the variance of p;
    - KL(q‖p) = ∫ q log(q/p) dx, which may have several dips; a button goes down into the nearest.

    The mixture is that of the chapter on divergence: the ratio of flipper length to bill depth,
    one bump for the Gentoo penguins and one for the others. One can move the mean and the scale of
    q, and the distance of the bumps.

    Source: Gorman, Williams & Fraser (2014), as in :func:`mlebook.datasets.penguins`.

    >>> two_divergences().data["weights"]
    [0.640351, 0.359649]
    """
    birds = datasets.penguins().complete("flipper_length", "bill_depth")
    ratio = birds.flipper_length / birds.bill_depth
    gentoo = birds.species == "Gentoo"
    groups = [ratio[~gentoo], ratio[gentoo]]
    return Figure(
        "two_divergences",
        alt="Above, a mixture with two separate bumps at 10.5 and 14.5, and one Gaussian with mean "
            "12 and scale 1.2 between them. Below, the integrands of the two divergences: that "
            "from p to q has its cost at both bumps, where q is too low; that from q to p in the "
            "gap, where q is high and p is not. Two bars show both divergences in "
            "nats beside the least that any Gaussian reaches.",
        caption="The areas below are the divergences: what lies under the axis counts as negative. "
                "In the bars, the tick is the least value that any Gaussian reaches.",
        data={"weights": [round(len(group) / len(ratio), 6) for group in groups],
              "means": [round(float(group.mean()), 6) for group in groups],
              "scales": [round(float(group.std()), 6) for group in groups]},
        formulas=FORMULAS,
    )


def logistic() -> Figure:
    """Logistic regression of eight made-up points on a line, after some Newton steps.

    With the logit z = a + b x, in nats:

    - the loss of a point is log(1 + exp(−z)) if its outcome is 1 and log(1 + exp(z)) if it is 0;
    - the total NLL is their sum, minimised by Newton's method from a = b = 0.

    One can move each point and choose the number of steps. If no point of one class lies beyond one
    of the other, no finite a and b are best: the NLL has a limit that it never reaches.

    Source: Albert, A. & Anderson, J. A. (1984). On the existence of maximum likelihood estimates in
    logistic regression models. Biometrika 71, 1-10.

    >>> logistic()
    <interactive figure logistic>
    """
    return Figure(
        "logistic",
        alt="Eight points on a line from 0 to 10: outcome 0 at 1.5, 2.6, 4 and 6.2, outcome 1 at "
            "5, 6.9, 7.8 and 9. Above, the fitted probability rises from 0 to 1 and passes one "
            "half at 5.5. Below, bars show the loss of each point in nats; the two points beyond "
            "the boundary pay most. Right, the least total loss over the slope, a curve with its "
            "minimum where the fit is.",
        caption="Eight made-up points. Above, those with outcome 0 lie on the lower line, those "
                "with outcome 1 on the upper one. For the curve of the least total NLL the "
                "intercept is fitted anew at each slope.",
        formulas=FORMULAS,
    )
