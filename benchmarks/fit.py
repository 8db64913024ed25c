"""Our fitters beside libraries, on the same data in the same process: ``python -m benchmarks.fit``.

Each line gives the nll's excess over the best of all (an answer that is wrong is not fast), the
median time of a fit, and its ratio to the first line of its block, a library.  Imports are not
timed.  Ours return weights, noise, log-likelihood and convergence at once; the first line of a
block asks the library for weights and log-likelihood, and least squares has a line for the weights
alone as well.  The nll of every answer is computed here, by SciPy, from the weights.
"""
from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import scipy.optimize
import torch
from scipy import special, stats
from sklearn.linear_model import LogisticRegression
from statsmodels.api import GLM, OLS, Logit, MNLogit, QuantReg, families

from mlebook import catalog, datasets, estimators

from .compare import compare

ROUNDS = 31
REGRESSIONS = (
    (datasets.galton_heights, "midparent_height", "child_height"),
    (datasets.engel_food, "income", "food_expenditure"),
)


def design(*columns: np.ndarray) -> np.ndarray:
    return np.stack([np.ones(len(columns[0])), *columns], axis=1)


def ours(slug: str, X: np.ndarray, y: np.ndarray) -> Callable:
    loss = catalog.loss(slug)
    return lambda: estimators.fit_linear(loss, X, y).params.numpy()


def location(law, X: np.ndarray, y: np.ndarray, scale: Callable) -> Callable:
    """The nll of weights at the best scale, which is a function of the residuals."""
    return lambda w: -law.logpdf(y, X @ w, scale(y - X @ w)).sum()


def weights(result) -> np.ndarray:
    """A statsmodels fit's weights, once it has computed its log-likelihood."""
    _ = result.llf
    return result.params


def squared_error(name: str, X: np.ndarray, y: np.ndarray) -> None:
    compare(f"{name}: squared error", {
        "statsmodels OLS": lambda: weights(OLS(y, X).fit()),
        "statsmodels OLS, weights alone": lambda: OLS(y, X).fit().params,
        "scipy linregress": lambda: stats.linregress(X[:, 1], y)[1::-1],
        "numpy lstsq": lambda: np.linalg.lstsq(X, y, rcond=None)[0],
        "mlebook fit_linear": ours("squared_error", X, y),
    }, location(stats.norm, X, y, lambda r: np.sqrt(np.mean(r * r))), ROUNDS)


def absolute_error(name: str, X: np.ndarray, y: np.ndarray) -> None:
    def nll_at(level):
        def nll(w):
            residual = y - X @ w
            pinball = np.maximum(level * residual, (level - 1) * residual)
            scale = pinball.mean()
            return len(y) * (1 + math.log(scale / (level * (1 - level))))

        return nll

    compare(f"{name}: absolute error", {
        "statsmodels QuantReg": lambda: QuantReg(y, X).fit(q=0.5).params,
        "mlebook fit_linear": ours("absolute_error", X, y),
    }, nll_at(0.5), ROUNDS)
    compare(f"{name}: pinball loss, 90 %", {
        "statsmodels QuantReg": lambda: QuantReg(y, X).fit(q=0.9).params,
        "mlebook fit_quantile":
            lambda: estimators.fit_quantile(X, y, quantile=0.9).params.numpy(),
    }, nll_at(0.9), ROUNDS)


def binary(name: str, X: np.ndarray, y: np.ndarray) -> None:
    def sklearn():
        model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-8, max_iter=10_000)
        return model.fit(X, y).coef_[0]

    compare(f"{name}: binary cross-entropy", {
        "statsmodels Logit": lambda: weights(Logit(y, X).fit(disp=0)),
        "statsmodels GLM": lambda: weights(GLM(y, X, family=families.Binomial()).fit()),
        "scikit-learn LogisticRegression": sklearn,
        "mlebook fit_linear": ours("binary_cross_entropy", X, y),
    }, lambda w: -special.log_expit((2 * y - 1) * (X @ w)).sum(), ROUNDS)


def classes(name: str, X: np.ndarray, y: np.ndarray) -> None:
    def logits():  # of classes 1, 2, … against class 0
        return np.column_stack([np.zeros(X.shape[1]), weights(MNLogit(y, X).fit(disp=0))])

    def sklearn():
        model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-8, max_iter=10_000)
        return model.fit(X, y).coef_.T

    def nll(W):
        z = X @ W
        return (special.logsumexp(z, axis=1) - z[np.arange(len(y)), y]).sum()

    compare(f"{name}: cross-entropy", {
        "statsmodels MNLogit": logits, "scikit-learn LogisticRegression": sklearn,
        "mlebook fit_linear": ours("cross_entropy", X, y),
    }, nll, ROUNDS)


def heteroscedastic(name: str, X: np.ndarray, y: np.ndarray) -> None:
    """No library has this model; a general optimiser gets the exact gradient and a good start."""
    def nll(W):
        loc, log_variance = (X @ W).T
        return -stats.norm.logpdf(y, loc, np.exp(log_variance / 2)).sum()

    units = np.abs(X).max(axis=0)

    def value_and_gradient(theta, weights=X / units):
        loc, s = (weights @ theta.reshape(2, -1).T).T
        residual = (y - loc) * np.exp(-s / 2)
        slopes = -residual * np.exp(-s / 2), (1 - residual**2) / 2
        return ((s + residual**2).sum() / 2, np.concatenate([weights.T @ g for g in slopes]))

    def general():
        w = np.linalg.lstsq(X, y, rcond=None)[0]
        log_variance = math.log(np.mean((y - X @ w) ** 2))
        start = np.concatenate([w * units, [log_variance], np.zeros(len(w) - 1)])
        found = scipy.optimize.minimize(value_and_gradient, start, jac=True, method="BFGS",
                                        options={"gtol": 1e-6, "maxiter": 10_000})
        return (found.x.reshape(2, -1) / units).T

    compare(f"{name}: heteroscedastic", {
        "scipy BFGS": general, "mlebook fit_linear": ours("heteroscedastic", X, y),
    }, nll, ROUNDS)


def general_optimisers(name: str, x: np.ndarray, y: np.ndarray) -> None:
    """Three parameters from one poor start, by optimisers that know nothing of lines."""
    start = [0.0, 0.0, math.log(100)]
    inputs, targets = torch.tensor(x), torch.tensor(y)
    loss = catalog.loss("squared_error")

    def numpy_nll(theta):
        residual = (y - theta[0] - theta[1] * x) / math.exp(theta[2])
        return residual @ residual / 2 + len(y) * (theta[2] + math.log(2 * math.pi) / 2)

    def nll(theta):
        return loss.nll(theta[0] + theta[1] * inputs, targets, scale=theta[2].exp()).sum()

    compare(f"{name}: general optimisers, raw units", {
        "scipy BFGS": lambda: scipy.optimize.minimize(numpy_nll, start).x,
        "mlebook fit, newton": lambda: estimators.fit(nll, start, method="newton").params.numpy(),
        "mlebook fit, lbfgs": lambda: estimators.fit(nll, start, method="lbfgs").params.numpy(),
    }, numpy_nll, 5)


def main() -> None:
    """All losses on their chapters' data."""
    warnings.simplefilter("ignore")  # statsmodels on nearly separable data
    for load, column, target in REGRESSIONS:
        data = load()
        x, y = getattr(data, column), getattr(data, target)
        squared_error(data.name, design(x), y)
        absolute_error(data.name, design(x), y)
        heteroscedastic(data.name, design(x), y)
        general_optimisers(data.name, x, y)
    flights = datasets.challenger_orings()
    binary(flights.name, design(flights.temperature), (flights.incidents > 0).astype(float))
    birds = datasets.penguins()
    complete = np.isfinite(birds.bill_length)
    X = design(birds.bill_length[complete], birds.bill_depth[complete])
    species = np.unique(birds.species[complete], return_inverse=True)[1]
    two = species < 2
    binary(f"{birds.name}, two species", X[two], species[two].astype(float))
    classes(birds.name, X, species)


if __name__ == "__main__":
    main()
