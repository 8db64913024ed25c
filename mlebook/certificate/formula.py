"""The formulas that were proved, evaluated with 30 digits: nothing of torch, nothing of SymPy.

``SYMBOLS`` of a loss's derivations says how its statements call the arguments of ``nll``:

=================  ===========================================================================
``"prediction"``   a symbol; a vector's symbol; or a tuple of symbols, one per output
``"target"``       a symbol; classes are counted from 1 in formulas
``"classes"``      the number of classes, where the prediction is a vector
``"row"``          in a formula for one component of the gradient: the component's index
``"column"``       … of the Hessian: the second index
a noise parameter  its symbol
=================  ===========================================================================

``CLAIMS`` names the statement whose last line is the formula: one name, or, where each output
has its own, a tuple of names (gradient) or a tuple of tuples (curvature).
"""
from __future__ import annotations

import mpmath
import torch

from mlebook import catalog
from mlebook.proof.evaluate import DIGITS, evaluate
from mlebook.proof.hypotheses import Vector

from .report import verified


def proved_values(loss, role: str, prediction: torch.Tensor, target: torch.Tensor,
                  noise: dict) -> torch.Tensor:
    """What the formula proved for ``role`` (nll, gradient or curvature) gives, in float64."""
    proofs = catalog.proofs(loss.SLUG)
    formula = _verified(loss, proofs.CLAIMS[role])
    size = prediction.shape[target.dim():]
    axes = {"nll": 0, "gradient": len(size), "curvature": 2 * len(size)}[role]
    values = []
    with mpmath.mp.workdps(DIGITS):
        for f, y in zip(prediction.reshape(-1, *size), target.reshape(-1), strict=True):
            env = _environment(proofs.SYMBOLS, f.tolist(), y.item(), noise)
            values.append(_entries(formula, proofs.SYMBOLS, env, axes, *size))
    return torch.tensor(values, dtype=torch.float64).reshape(target.shape + tuple(size) * (
        axes // max(len(size), 1)))


def _verified(loss, names):
    """The statement of this name, or a tuple of them in the tuple's shape."""
    if isinstance(names, str):
        return verified(loss, names)
    return tuple(_verified(loss, name) for name in names)


def _environment(symbols: dict, prediction, target, noise: dict) -> dict:
    """Values of the symbols for one observation."""
    env = {symbols[name]: _number(value) for name, value in noise.items()}
    env[symbols["target"]] = _number(target + 1 if isinstance(target, int) else target)
    if isinstance(symbols["prediction"], tuple):
        env |= zip(symbols["prediction"], map(_number, prediction), strict=True)
    elif isinstance(prediction, list):
        env[symbols["prediction"]] = Vector(map(_number, prediction))
        env[symbols["classes"]] = len(prediction)
    else:
        env[symbols["prediction"]] = _number(prediction)
    return env


def _number(value):
    return mpmath.mpf(float(value))


def _entries(formula, symbols: dict, env: dict, axes: int, size: int = 1):
    """The formula's value: a number, or a list of ``axes`` levels with ``size`` entries each."""
    if isinstance(formula, tuple):
        return [_entries(entry, symbols, env, 0) for row in formula
                for entry in (row if isinstance(row, tuple) else (row,))]
    env = env | {definition.name: definition for definition in formula.where}
    line = formula.lines[-1]
    places = [symbols[name] for name in ("row", "column")[:axes] if name in symbols]
    if not places:
        return _plain(evaluate(line, env))
    if len(places) == 1:
        return [float(evaluate(line, env | {places[0]: _number(k)})) for k in range(1, size + 1)]
    return [float(evaluate(line, env | {places[0]: _number(k), places[1]: _number(c)}))
            for k in range(1, size + 1) for c in range(1, size + 1)]


def _plain(value):
    return [_plain(entry) for entry in value] if isinstance(value, Vector) else float(value)
