"""The certificate's questions, asked of the two priors instead of a noise model."""
from __future__ import annotations

from math import inf

import mpmath
import torch

from mlebook import catalog, datasets, estimators
from mlebook.certificate.report import Failure, verified, within, worst
from mlebook.losses import binary_cross_entropy, squared_error
from mlebook.proof.evaluate import DIGITS, evaluate

NOISE_SCALE, PRIOR_SCALES = 54.0, {"L2": 20.0, "L1": 5.0}
SYMBOLS = {"L2": "tau", "L1": "b"}


def normalises(loss, mutants):
    return _proved(loss, "normalises")


def nll(loss, mutants):
    return _proved(loss, "nll")


def affine(loss, mutants):
    """The second step of each statement carries the witnesses."""
    found = []
    for penalty, address in _claims(loss, "penalty").items():
        relation = verified(loss, address).steps[1].relation
        found.append(f"{loss.SLUG}.{address}: log(likelihood · prior) = a·(nll + λ·{penalty}) + b "
                     f"with a = {relation.a}, b = {relation.c}")
    return "proved: " + "; ".join(found)


def minimum(loss, mutants):
    for name in ("ridge", "soft_threshold", "kkt"):
        verified(loss, name)
    Z, y = _patients()
    missed = [fit(Z, y, NOISE_SCALE**2 * loss.PRIORS[penalty].rate(scale)).violation
              for fit, (penalty, scale) in zip((estimators.ridge, estimators.lasso),
                                               PRIOR_SCALES.items(), strict=True)]
    return within(worst(missed), 1e-10, f"proved: {loss.SLUG}.ridge, {loss.SLUG}.soft_threshold, "
                  f"{loss.SLUG}.kkt; on {len(y)} real data optimality is missed by (relative)")


def exists(loss, mutants):
    """Species that can be separated: no maximum of the likelihood, one of each posterior."""
    birds = datasets.penguins().complete("bill_length", "bill_depth")
    keep = birds.species != "Chinstrap"
    X = estimators.design_matrix(*estimators.standardised(
        birds.bill_length[keep], birds.bill_depth[keep]).T)
    y = torch.tensor(birds.species[keep] == "Gentoo", dtype=torch.float64)
    if estimators.fit_linear(binary_cross_entropy, X, y).converged:
        raise Failure("a maximum likelihood estimate was returned for separable data")
    for penalty, prior in loss.PRIORS.items():
        fit = estimators.fit_map(binary_cross_entropy, X, y, prior, 1.0)
        if not (fit.converged and fit.params.abs().max() < inf):
            raise Failure(f"{penalty}: no mode was found: {fit.message}")
    return ("a convex nll that is bounded below has a mode under either prior if the weights "
            "without a prior are determined; found on separable species, which have no maximum "
            "of the likelihood")


def symbolic(loss, mutants):
    errors = []
    for penalty, prior in loss.PRIORS.items():
        for role in ("nll", "gradient", "curvature"):
            statement = verified(loss, _claims(loss, role)[penalty])
            definitions = {d.name: d for d in statement.where}
            for weights, scale in _examples():
                with mpmath.mp.workdps(DIGITS):
                    expected = [float(evaluate(statement.lines[-1], definitions | {
                        "w": mpmath.mpf(w), SYMBOLS[penalty]: mpmath.mpf(scale)}))
                        for w in weights.tolist()]
                errors.append(_relative(getattr(prior, role)(weights, scale=scale),
                                        torch.tensor(expected, dtype=torch.float64)))
    return within(worst(errors), 1e-12, "nll, gradient and curvature of both priors differ by")


def library(loss, mutants):
    """Densities and slopes in torch.distributions; ridge and lasso in scikit-learn."""
    from sklearn.linear_model import Lasso, Ridge

    errors = []
    for prior in loss.PRIORS.values():
        for weights, scale in _examples():
            weights.requires_grad_()
            expected = -prior.reference(torch.tensor(scale, dtype=weights.dtype)).log_prob(weights)
            slope, = torch.autograd.grad(expected.sum(), weights)
            weights = weights.detach()
            errors += [_relative(prior.nll(weights, scale=scale), expected.detach()),
                       _relative(prior.gradient(weights, scale=scale), slope)]
    figure, measured = within(worst(errors), 1e-12, "torch.distributions differs by")
    Z, y = _patients()
    theirs = {"L2": (Ridge, "sum_squares", {"solver": "svd"}),
              "L1": (Lasso, "half_mean_squares", {"tol": 1e-14, "max_iter": 10**6})}
    for penalty, (model, objective, options) in theirs.items():
        prior, scale = loss.PRIORS[penalty], PRIOR_SCALES[penalty]
        alpha = loss.coefficient(prior, scale, objective, n=len(y), noise_scale=NOISE_SCALE)
        fitted = torch.tensor(model(alpha=alpha, **options).fit(Z, y).coef_)
        errors.append(_relative(_mode(loss, penalty, Z, y).weights, fitted))
    more, measured = within(max(measured, *errors[-2:]), 1e-9, "weights of scikit-learn by")
    return f"{figure}, {more}", measured


def optimiser(loss, mutants):
    """General iterations reach the closed form of ridge and the exact solution of the lasso."""
    Z, y = _patients()
    centred, excess = y - y.mean(), []
    for penalty in loss.PRIORS:
        prior, scale = loss.PRIORS[penalty], PRIOR_SCALES[penalty]

        def objective(w, prior=prior, scale=scale):
            data = squared_error.nll(Z @ w, centred, scale=NOISE_SCALE).sum()
            return data + prior.nll(w, scale=scale).sum()

        if prior.SPARSE:
            step = 1 / float(torch.linalg.eigvalsh(Z.T @ Z)[-1])
            reached = torch.zeros(Z.shape[1], dtype=Z.dtype)
            for _ in range(1000):
                reached = prior.shrink(reached + step * Z.T @ (centred - Z @ reached),
                                       step * NOISE_SCALE**2 * prior.rate(scale))
        else:
            reached = estimators.fit(objective, torch.zeros(Z.shape[1])).params
        excess.append(abs(float(objective(reached)
                                - objective(_mode(loss, penalty, Z, y).weights))))
    return within(worst(excess), 1e-8, f"{len(y)} real data: Newton and proximal steps above ridge "
                  "and lasso by (nats)")


def extremes(loss, mutants):
    for penalty, prior in loss.PRIORS.items():
        for weight, scale in prior.EXTREMES:
            w = torch.tensor([weight])
            for value in (prior.nll(w, scale=scale), prior.gradient(w, scale=scale)):
                if not value.isfinite().all():
                    raise Failure(f"{penalty}: not finite at weight {weight}, scale {scale}")
    return "both priors and their slopes finite in float32 at weights ±1e4, scales 1e-6 to 1e6"


CHECKS = {
    "density normalises": normalises,
    "nll is -log density": nll,
    "loss is affine in the nll": affine,
    "estimate is the global minimum": minimum,
    "existence of the estimate": exists,
    "torch equals the proved formula": symbolic,
    "outside library agrees": library,
    "optimiser reaches the closed form": optimiser,
    "finite at extremes": extremes,
}


def _claims(loss, role: str) -> dict[str, str]:
    """The statement of each penalty that answers one question."""
    return {penalty: claims[role]
            for penalty, claims in catalog.proofs(loss.SLUG).CLAIMS.items()}


def _proved(loss, role) -> str:
    return "proved: " + " and ".join(verified(loss, name).address
                                     for name in _claims(loss, role).values())


def _examples():
    """Weights other than 0 and a scale of their prior, over many orders of magnitude."""
    generator = torch.Generator().manual_seed(0)
    for scale in (0.01, 0.5, 1.0, 3.0, 40.0):
        yield 10 * torch.randn(12, generator=generator, dtype=torch.float64), scale


def _patients():
    patients = datasets.diabetes()
    columns = [getattr(patients, name) for name in patients.columns[:-1]]
    return estimators.standardised(*columns), patients.tensor("progression")


def _mode(loss, penalty: str, Z, y):
    fit = {"L2": estimators.ridge, "L1": estimators.lasso}[penalty]
    return fit(Z, y, NOISE_SCALE**2 * loss.PRIORS[penalty].rate(PRIOR_SCALES[penalty]))


def _relative(actual, expected) -> float:
    return float(((actual - expected).abs() / expected.abs().clamp(min=1)).max())
