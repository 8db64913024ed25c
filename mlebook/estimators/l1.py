"""A quadratic plus absolute values: the problem inside the lasso and every L1 fit.

:func:`minimise` finds the w that minimises ½ wᵀGw − cᵀw + Σ pⱼ|wⱼ| for a positive semidefinite
G.  A proximal step (a gradient step, then a soft threshold) says which weights are 0 and which
sign the others have; an exact solve on that face, where the problem is smooth, gives their
values, and stops where a weight would change its sign.  Neither can raise the objective, there
are finitely many faces, and so the end is reached exactly, zeros included.

Source: chapter "Where does regularisation come from?"; Parikh and Boyd 2014, *Proximal
algorithms*, section 4.2; Osborne, Presnell and Turlach 2000, "A new approach to variable
selection in least squares problems", IMA Journal of Numerical Analysis 20.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dposv

STEPS = 10  # proximal steps before each exact solve
FLAT = 1e-12  # relative eigenvalue under which a direction counts as flat


class Quadratic(NamedTuple):
    """G and c of ½ wᵀGw − cᵀw for the weights times ``unit``, which makes the diagonal of G 1.

    So columns of very different size do no harm.  ``largest`` is the largest eigenvalue of G.
    """

    G: np.ndarray
    c: np.ndarray
    unit: np.ndarray
    largest: float


class Point(NamedTuple):
    """Where :func:`minimise` ended."""

    weights: np.ndarray
    violation: float
    iterations: int


def quadratic(G: np.ndarray, c: np.ndarray) -> Quadratic:
    """Prepare a problem that is to be solved for several penalties."""
    bend = G.diagonal()
    unit = np.sqrt(np.where(bend > 0, bend, 1.0))
    G = G / unit / unit[:, None]
    return Quadratic(G, c / unit, unit, float(np.linalg.eigvalsh(G)[-1]))


def violation(problem: Quadratic, penalty: np.ndarray, weights: np.ndarray) -> float:
    """How far the weights are from optimal: 0 at the minimum, and nowhere else.

    The slope s = c − Gw of the data's part must equal pⱼ sign(wⱼ) where wⱼ is not 0, and must
    stay within ±pⱼ where it is.  The largest violation is given, in the slope's unit.
    """
    slope = problem.unit * (problem.c - problem.G @ (problem.unit * weights))
    active = np.abs(slope - penalty * np.sign(weights))
    return float(np.where(weights != 0, active, np.abs(slope) - penalty).max(initial=0.0))


def minimise(problem: Quadratic, penalty: np.ndarray, start: np.ndarray, *, tolerance: float,
             max_iterations: int = 1000) -> Point:
    """Minimise ½ wᵀGw − cᵀw + Σ pⱼ|wⱼ| until :func:`violation` is at most the tolerance.

    Args:
        problem: from :func:`quadratic`.
        penalty: pⱼ >= 0 of each weight.
        start: weights to start from; near the answer, one exact solve is often all it takes.
        tolerance: largest violation allowed.
        max_iterations: proximal steps.

    >>> one = quadratic(np.eye(2), np.array([3.0, 0.5]))
    >>> minimise(one, np.ones(2), np.zeros(2), tolerance=1e-12).weights.tolist()
    [2.0, 0.0]
    """
    held = penalty / problem.unit
    weights = _solve_face(problem, held, start * problem.unit)
    for iteration in range(max_iterations + 1):
        gap = violation(problem, penalty, weights / problem.unit)
        if gap <= tolerance or iteration == max_iterations:
            break
        threshold = held / problem.largest
        for _ in range(STEPS):
            step = weights + (problem.c - problem.G @ weights) / problem.largest
            weights = step - step.clip(-threshold, threshold)  # the soft threshold
        weights = _solve_face(problem, held, weights)
    return Point(weights / problem.unit, gap, iteration)


def _solve_face(problem, penalty, weights) -> np.ndarray:
    """The minimum over the weights that are not 0, none of which changes its sign."""
    weights, signs = weights.copy(), np.sign(weights)
    face = signs.nonzero()[0]
    while len(face):
        G, here, held = problem.G[face[:, None], face], weights[face], penalty[face]
        move, unbounded = _direction(G, problem.c[face] - held * signs[face] - G @ here)
        # how far until a weight is 0; free weights (penalty 0) may change their sign
        crosses = ((here * move < 0) & (held > 0)).nonzero()[0]
        reach = -here[crosses] / move[crosses]
        if not unbounded and (len(crosses) == 0 or reach.min() > 1):
            weights[face] += move
            break
        if len(crosses) == 0:  # only rounding lets a flat direction go down for ever
            break
        first = crosses[reach.argmin()]
        weights[face] += reach.min() * move
        weights[face[first]] = 0.0
        face = face[face != face[first]]
    return weights


def _direction(G: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, bool]:
    """The step to the minimum; or, where G is flat and it goes down, a direction without end."""
    factor, step, failed = dposv(G, down)  # by Cholesky's factorisation
    if not failed and factor.diagonal().min() ** 2 > FLAT * G.diagonal().max():
        return step, False
    values, vectors = np.linalg.eigh(G)
    along = vectors.T @ down
    flat = values <= FLAT * values[-1]
    if np.abs(along[flat]).max(initial=0.0) > 1e-9 * np.abs(down).max(initial=0.0):
        return vectors[:, flat] @ along[flat], True
    return vectors[:, ~flat] @ (along[~flat] / values[~flat]), False
