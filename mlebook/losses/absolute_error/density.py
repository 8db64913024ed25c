"""The Laplace density and its asymmetric sibling, as definitions that the proofs share."""
from __future__ import annotations

from mlebook.proof import Definition

SLUG = "absolute_error"

#: The Laplace density: location mu, scale b (its mean absolute deviation).
DENSITY = Definition("p", "1/(2*b)*exp(-abs(y - mu)/b)", ("y", "mu", "b"),
                     address=f"{SLUG}.density")
#: The pinball loss of a residual r at the level kappa.
PINBALL = Definition("pinball", "max(kappa*r, (kappa - 1)*r)", ("kappa", "r"),
                     tex=r"\operatorname{pinball}_{{}}({})", address=f"{SLUG}.pinball")
#: The asymmetric Laplace density: the level kappa of its mass lies below mu.
ASYMMETRIC = Definition("tilted", "kappa*(1 - kappa)/b*exp(-pinball(kappa, y - mu)/b)",
                        ("kappa", "y", "mu", "b"), tex=r"p_{{}}({}; {}, {})",
                        address=f"{SLUG}.asymmetric")
