"""Penalised fits beside scikit-learn's, on the diabetes data: ``python -m benchmarks.penalised``.

Printed as in :mod:`benchmarks.fit`; the excess is that of the negative log posterior, in nats, at
noise of scale 54.  For the paths it is the largest of all penalties.
"""
from __future__ import annotations

import warnings

import numpy as np
from sklearn.linear_model import Lasso, LogisticRegression, Ridge, lasso_path

from mlebook import datasets, estimators
from mlebook.losses import binary_cross_entropy
from mlebook.losses import map as priors

from .compare import compare

ROUNDS, NOISE = 31, 54.0


def patients() -> tuple[np.ndarray, np.ndarray]:
    """The ten standardised inputs and the target."""
    data = datasets.diabetes()
    columns = [getattr(data, name) for name in data.columns[:-1]]
    return estimators.standardised(*columns).numpy(), data.progression.astype(float)


def ridge(X: np.ndarray, y: np.ndarray, penalty: float) -> None:
    def posterior(w):
        residual = y - y.mean() - X @ w
        return (residual @ residual + penalty * (w @ w)) / (2 * NOISE**2)

    compare("diabetes: L2 penalty", {
        "scikit-learn Ridge": lambda: Ridge(alpha=penalty).fit(X, y).coef_,
        "mlebook ridge": lambda: estimators.ridge(X, y, penalty).weights.numpy(),
    }, posterior, ROUNDS)


def lasso(X: np.ndarray, y: np.ndarray, penalty: float) -> None:
    def posterior(w):
        residual = y - y.mean() - X @ w
        return (residual @ residual / 2 + penalty * np.abs(w).sum()) / NOISE**2

    n = len(y)
    compare("diabetes: L1 penalty", {
        "scikit-learn Lasso": lambda: Lasso(alpha=penalty / n).fit(X, y).coef_,
        "scikit-learn Lasso, tol=1e-12": lambda: Lasso(
            alpha=penalty / n, tol=1e-12, max_iter=10**5).fit(X, y).coef_,
        "mlebook lasso": lambda: estimators.lasso(X, y, penalty).weights.numpy(),
    }, posterior, ROUNDS)


def path(X: np.ndarray, y: np.ndarray) -> None:
    penalties = estimators.lasso_path(X, y).penalties.numpy()
    centred = y - y.mean()
    best = estimators.lasso_path(X, y).weights.numpy()

    def posteriors(weights):
        residuals = centred - weights @ X.T
        squares = (residuals**2).sum(axis=1) / 2
        return (squares + penalties * np.abs(weights).sum(axis=1)) / NOISE**2

    def scikit_learn(tol):
        return lambda: lasso_path(X, centred, alphas=penalties / len(y), tol=tol,
                                  max_iter=10**5)[1].T

    compare("diabetes: lasso path, 100 penalties", {
        "scikit-learn lasso_path": scikit_learn(1e-4),
        "scikit-learn lasso_path, tol=1e-12": scikit_learn(1e-12),
        "mlebook lasso_path": lambda: estimators.lasso_path(X, y).weights.numpy(),
    }, lambda weights: float((posteriors(weights) - posteriors(best)).max()), ROUNDS)


def logistic(X: np.ndarray, y: np.ndarray, scale: float) -> None:
    A = np.column_stack([np.ones(len(X)), X])
    labels = (y > np.median(y)).astype(float)

    def posterior(w):
        logits = A @ w
        return (np.logaddexp(0, logits) - labels * logits).sum() + w[1:] @ w[1:] / (2 * scale**2)

    def scikit_learn():
        fit = LogisticRegression(C=scale**2, tol=1e-10, max_iter=1000).fit(X, labels)
        return np.append(fit.intercept_, fit.coef_)

    compare("diabetes, above the median: logistic regression with an L2 penalty", {
        "scikit-learn LogisticRegression": scikit_learn,
        "mlebook fit_map": lambda: estimators.fit_map(
            binary_cross_entropy, A, labels, priors.gaussian, scale).params.numpy(),
    }, posterior, ROUNDS)


def main() -> None:
    """Compare all of them."""
    warnings.simplefilter("ignore")
    X, y = patients()
    ridge(X, y, NOISE**2 / 20**2)
    lasso(X, y, NOISE**2 / 5)
    path(X, y)
    logistic(X, y, 1.0)


if __name__ == "__main__":
    main()
