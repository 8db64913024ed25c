"""Linear models of any loss."""
from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import ModuleType

import torch

from mlebook import checks, optimise

from .arguments import check_options, orthonormal, targets, vector
from .result import FitResult
from .separation import recession

PAIRS = 1_000_000  # numbers that a fit may keep to save time


def fit_linear(loss: ModuleType, X, y, *, tolerance: float = 1e-6, max_iterations: int = 100,
               progress: bool | None = None, **noise) -> FitResult:
    """Fit prediction = X w by Newton's method with the loss's own gradient and curvature.

    The nll's gradient is Xᵀ·gradient and its Hessian Xᵀ·diag(curvature)·X (iteratively
    reweighted least squares), so one fitter serves every loss.  It works in the orthonormal
    basis Q of X = Q R, where columns of unlike units do no harm.  Where a loss brings an exact
    method of its own (``fit_weights``: squared and absolute error), that is used.

    Noise parameters that are not given are estimated too: w first, then the noise at w in closed
    form, which is the joint maximum when the best w does not depend on the noise (proved for
    squared error).

    Logits of classes: adding one vector to the weights of every class changes no probability.
    Of all best weights, those are returned whose sum over the classes is zero; they are the
    shortest.  Classes that can be separated (perhaps with ties) have no finite estimate; a
    linear program finds the direction in which the nll falls for ever.

    Args:
        loss: a module of :mod:`mlebook.losses`.
        X: (n, d) table of inputs; :func:`design_matrix` makes one with an intercept.
        y: (n,) targets; for classes whole numbers 0, …, K − 1, with K − 1 the largest in y.
        tolerance: as in :func:`fit`.
        max_iterations: as in :func:`fit`.
        progress: as in :func:`fit`.
        noise: known noise parameters of the loss, for instance ``scale=2.0``.

    Returns:
        A result with ``params`` (d,), or (d, K) if the model has K outputs.

    >>> from mlebook import datasets
    >>> from mlebook.losses import squared_error
    >>> heights = datasets.galton_heights()
    >>> X = design_matrix(heights.midparent_height)
    >>> fit_linear(squared_error, X, heights.child_height)
    params      23.9415, 0.646291
    scale       2.23613
    nll         2063.581411 nats
    converged   yes, 0 iterations: normal equations solved, gradient norm ...

    Raises:
        ValueError: shapes disagree, values are not finite or no possible targets, or the columns
            of X are linearly dependent, so that the estimate would not be unique.
        TypeError: an unknown noise parameter.
    """
    X, y = vector(X, "X"), targets(y, loss.SUPPORT)
    check_options(tolerance, max_iterations)
    unknown = set(noise) - set(loss.NOISE_PARAMETERS)
    if unknown:
        raise TypeError(f"{', '.join(sorted(unknown))}: not a noise parameter of {loss.SLUG}, "
                        f"expected {', '.join(loss.NOISE_PARAMETERS) or 'none'}")
    if hasattr(loss, "fit_weights"):
        return _exact(loss, X, y, noise)
    model = _Model(loss, X, y)
    options = {"tolerance": tolerance, "max_iterations": max_iterations, "progress": progress}
    if noise:  # one call with the loss's own checks on, which name a bad argument
        loss.nll(model.prediction(model.zero()), y, **noise)
    start, steps = model.zero(), 0
    try:
        with checks.once(), torch.inference_mode():  # no gradients are recorded: less overhead
            start = model.start()
            while True:  # until the weights are the best for the noise that they leave
                used = model.noise(start, noise)
                outcome = optimise.newton(partial(model.nll, noise=used),
                                          partial(model.expand, noise=used), start, **options)
                start, steps = outcome.theta, steps + outcome.iterations
                if not (outcome.converged and outcome.iterations and model.has_free_noise(noise)):
                    break
    except checks.NoFiniteEstimateError as error:
        return _no_estimate(model.weights(start), steps, error)
    result = FitResult(
        model.weights(outcome.theta), outcome.value, steps, outcome.converged, outcome.message,
        outcome.gradient_norm, model.information(outcome.hessian), _estimated(used, noise),
        model.identified())
    if not result.converged and loss.SUPPORT in ("binary", "classes"):
        direction, message = model.recession()
        if direction is not None:
            return replace(result, message=message, recession=model.weights(direction))
    return result


def design_matrix(*columns) -> torch.Tensor:
    """The (n, d + 1) table with a column of ones, then the given columns of n numbers.

    >>> design_matrix([1.0, 2.0])
    tensor([[1., 1.],
            [1., 2.]], dtype=torch.float64)
    """
    if not columns:
        raise ValueError("columns: none given, expected at least one")
    vectors = [vector(column, f"columns[{i}]") for i, column in enumerate(columns)]
    for i, one in enumerate(vectors):
        if one.dim() != 1:
            raise ValueError(f"columns[{i}]: shape {tuple(one.shape)}, expected (n,)")
        checks.same_shape(one, vectors[0], f"columns[{i}]", "columns[0]")
    return torch.stack([torch.ones_like(vectors[0]), *vectors], dim=1)


class _Model:
    """The nll of a linear model as a function of one vector u, for the minimiser.

    Scalar output: prediction = Q u.  Several outputs: prediction = Q U with U = u as a table
    (d, m).  Of the K logits of classes the last stays 0, since only differences matter: m = K − 1.
    """

    def __init__(self, loss, X, y):
        self.loss, self.y = loss, y
        self.Q, self.R = orthonormal(X, y)
        self.classes = loss.SUPPORT == "classes"
        outputs = int(y.max()) + 1 if self.classes else len(loss.OUTPUTS)
        self.table = X.shape[1], outputs - self.classes
        self.places = torch.eye(self.table[1], outputs, dtype=X.dtype)
        self.scalar = not self.classes and outputs == 1
        self.terms = getattr(loss, "terms", self._terms)
        self.pairs = None  # the products of each row of Q with itself, unless they are too many
        if X.numel() * X.shape[1] <= PAIRS:
            self.pairs = (self.Q[:, :, None] * self.Q[:, None, :]).reshape(len(X), -1)

    def _terms(self, prediction, y, **noise):
        return [function(prediction, y, **noise) for function in (
            self.loss.nll, self.loss.gradient, self.loss.curvature)]

    def zero(self):
        """Weights that are all zero."""
        return self.Q.new_zeros(self.table[0] * self.table[1])

    def start(self):
        """Where to begin.

        Binary targets and classes: one Newton step from zero, where all classes have the
        probability 1/K.  Real targets: least squares for the location, and for further outputs
        the constant that is best for the residuals.
        """
        if self.classes:
            classes = self.table[1] + 1
            hot = torch.nn.functional.one_hot(self.y, classes).to(self.Q.dtype)
            return (classes * self.Q.T @ (hot[:, :-1] - hot[:, -1:])).reshape(-1)
        if self.loss.SUPPORT == "binary":
            return (4 * self.y - 2) @ self.Q
        u = self.y @ self.Q
        if self.scalar:
            return u
        constant = torch.stack(tuple(self.loss.estimate(self.y - self.Q @ u)))
        table = self.Q.sum(dim=0)[:, None] * constant
        table[:, self.loss.OUTPUTS.index("loc")] += u
        return table.reshape(-1)

    def full(self, u):
        """The parameters as a vector (d,) or as a table with a column per output."""
        if self.scalar:
            return u
        table = u.reshape(self.table)
        return table @ self.places if self.classes else table

    def prediction(self, u):
        if self.scalar:
            return self.Q @ u
        return (self.full(u).T @ self.Q.T).T  # in memory a column is one piece: faster

    def nll(self, u, noise):
        return self.loss.nll(self.prediction(u), self.y, **noise).sum()

    def expand(self, u, noise):
        """Value, gradient and Hessian of the summed nll in u."""
        Q = self.Q
        values, gradient, curvature = self.terms(self.prediction(u), self.y, **noise)
        value = float(values.sum())
        if self.scalar:
            d = Q.shape[1]
            return value, gradient @ Q, self.gram(curvature[:, None]).reshape(d, d)
        d, m = self.table
        hessian = self.gram(curvature[:, :m, :m].reshape(-1, m * m)).reshape(d, d, m, m)
        return (value, (Q.T @ gradient)[:, :m].reshape(-1),
                hessian.transpose(1, 2).reshape(d * m, d * m))

    def gram(self, curvature):
        """Σ q_i q_iᵀ c_i for each column c of an (n, k) table, as a table (d², k)."""
        if self.pairs is not None:
            return self.pairs.T @ curvature
        n, d = self.Q.shape
        products = (self.Q[:, :, None] * curvature[:, None, :]).reshape(n, -1)
        return (self.Q.T @ products).reshape(d * d, -1)

    def has_free_noise(self, given) -> bool:
        return len(given) < len(self.loss.NOISE_PARAMETERS)

    def noise(self, u, given) -> dict:
        """The given noise parameters, and the best values of the others at u."""
        if not self.has_free_noise(given):
            return given
        return self.loss.estimate_noise(self.prediction(u), self.y) | given

    def weights(self, u):
        """The weights w of prediction = X w; for classes those whose sum over them is zero."""
        table = self.full(u)
        if self.scalar:
            return torch.linalg.solve_triangular(self.R, table[:, None], upper=True)[:, 0]
        if self.classes:
            table = table - table.mean(dim=1, keepdim=True)
        return torch.linalg.solve_triangular(self.R, table, upper=True)

    def information(self, hessian):
        """The Hessian in the weights, flattened, from that in u."""
        change = self.R
        if not self.scalar:  # U = R W, or its differences from the last column
            rows = self.places.clone()
            rows[:, self.table[1]:] = -1  # the last column, where only differences count
            change = torch.kron(self.R, rows)
        return change.T @ hessian @ change

    def identified(self):
        """Columns that span the weights which the data can tell apart, if not all."""
        if not self.classes:
            return None
        d, m = self.table
        below = torch.arange(m + 1)[:, None] - torch.arange(m)  # orthonormal, each with sum zero
        k = torch.arange(1, m + 1, dtype=self.R.dtype)
        contrasts = torch.where(below < 1, 1.0, 0.0) - torch.where(below == 1, k, 0.0)
        return torch.kron(torch.eye(d, dtype=k.dtype), contrasts / (k * (k + 1)).sqrt())

    def recession(self):
        """A direction along which the nll never rises, and a sentence; None if there is none."""
        return recession(self.Q, self.y, self.places.T if self.classes else None)


def _estimated(noise: dict, given: dict) -> dict[str, float]:
    return {name: float(value) for name, value in noise.items() if name not in given}


def _exact(loss, X, y, given) -> FitResult:
    """The fit by a loss's own exact method, then the noise."""
    fit = loss.fit_weights(X, y)
    prediction = X @ fit.params
    if given:  # with the loss's checks on
        loss.nll(prediction, y, **given)
    try:
        with checks.once(), torch.inference_mode():
            noise = given
            if len(given) < len(loss.NOISE_PARAMETERS):
                noise = loss.estimate_noise(prediction, y) | given
            value = float(loss.nll(prediction, y, **noise).sum())
    except checks.NoFiniteEstimateError as error:
        return _no_estimate(fit.params, fit.iterations, error)

    def information():
        curvature = loss.curvature(prediction, y, **noise)
        return X.T @ (curvature[:, None] * X) if curvature.any() else None

    return FitResult(fit.params, value, fit.iterations, fit.converged, fit.message,
                     fit.gradient_norm, information, _estimated(noise, given))


def _no_estimate(weights, iterations, error) -> FitResult:
    return FitResult(weights, -float("inf"), iterations, False, f"no finite estimate: {error}",
                     float("nan"))
