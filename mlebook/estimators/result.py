"""What a fit returns."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import torch

from mlebook import optimise


@dataclass(frozen=True, eq=False)
class FitResult:
    """What a fit found and how it ended.

    Attributes:
        params: the estimate, float64, in the shape of the start; weights (d,) or (d, outputs).
        nll: negative log-likelihood there, in nats.
        iterations: steps taken.
        converged: whether the stopping rule was met.
        message: why it stopped.
        gradient_norm: after Newton √(gᵀ H⁻¹ g), the distance to the optimum in standard
            errors, free of units; after L-BFGS the Euclidean norm of the gradient; after an
            exact method a bound on the nll's excess over the minimum.
        observed: observed information, or a function that computes it when it is asked for;
            None where the method has none (L-BFGS, linear programming).  Read :attr:`hessian`.
        noise: estimated parameters of the noise model, by name (:func:`fit_linear`).
        identified: columns that span the parameters which the data can tell apart; None: all.
        recession: where there is no finite estimate because the classes can be separated, a
            direction in the parameters along which the nll never rises.
    """

    params: torch.Tensor
    nll: float
    iterations: int
    converged: bool
    message: str
    gradient_norm: float
    observed: torch.Tensor | Callable[[], torch.Tensor] | None = None
    noise: dict[str, float] = field(default_factory=dict)
    identified: torch.Tensor | None = None
    recession: torch.Tensor | None = None

    @cached_property
    def hessian(self) -> torch.Tensor | None:
        """Observed information: the Hessian of the nll in the parameters, flattened."""
        return self.observed() if callable(self.observed) else self.observed

    @property
    def covariance(self) -> torch.Tensor:
        """The inverse of the observed information, for the flattened parameters.

        Where the likelihood cannot tell some parameters apart, it is that of the identified
        ones (logits of classes: of the weights whose sum over the classes is zero).

        Raises:
            ValueError: the fit did not converge or has no Hessian.
        """
        if not self.converged or self.hessian is None:
            raise ValueError("standard_errors: need a converged fit by Newton's method; "
                             f"this one: {self.message}")
        basis, hessian = self.identified, self.hessian
        if basis is not None:
            hessian = basis.T @ hessian @ basis
        unit = hessian.diagonal().sqrt()
        inverse = torch.linalg.inv(hessian / unit / unit[:, None]) / unit / unit[:, None]
        return inverse if basis is None else basis @ inverse @ basis.T

    @property
    def standard_errors(self) -> torch.Tensor:
        """Square roots of the diagonal of :attr:`covariance`, in the shape of the parameters."""
        return self.covariance.diagonal().sqrt().reshape(self.params.shape)

    def __repr__(self) -> str:
        numbers = [f"{value:.6g}" for value in self.params.reshape(-1)[:6].tolist()]
        numbers += ["…"] * (self.params.numel() > 6)
        lines = [f"params      {', '.join(numbers)}"]
        lines += [f"{name:11} {value:.6g}" for name, value in self.noise.items()]
        lines += [f"nll         {self.nll:.6f} nats",
                  f"converged   {'yes' if self.converged else 'NO'}, "
                  f"{self.iterations} iterations: {self.message}"]
        return "\n".join(lines)


def from_outcome(outcome: optimise.Outcome, shape) -> FitResult:
    """A minimiser's outcome as a result with parameters of this shape."""
    return FitResult(
        outcome.theta.reshape(shape), outcome.value, outcome.iterations, outcome.converged,
        outcome.message, outcome.gradient_norm, outcome.hessian)
