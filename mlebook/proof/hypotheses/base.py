"""What every hypothesis offers, and the small random numbers they draw."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

#: digits of a sampled value that is no fraction: more than any reading of it uses
PLENTY = 120


class Vector(list):
    """A sampled vector or matrix; entries are counted from 1, as on paper."""


def small(rng: Random) -> Fraction:
    """A small number that a reader can check by hand; the refuter may ask for a far one."""
    return getattr(rng, "far", 1) * Fraction(rng.randint(-6, 6), rng.choice((1, 1, 2)))


def small_positive(rng: Random) -> Fraction:
    return Fraction(rng.randint(1, 6), rng.choice((1, 2, 3)))


def probabilities(rng: Random, size: int) -> Vector:
    weights = [rng.randint(1, 6) for _ in range(size)]
    return Vector(Fraction(w, sum(weights)) for w in weights)


@dataclass(frozen=True)
class Hypothesis:
    """Base: one declared name.  ``tex`` overrides the way it is printed."""

    name: str
    tex: str = ""

    def declare(self, context) -> None:
        """Tell the prover: ``context.symbols[name] = …`` and the rules that follow."""
        raise NotImplementedError

    def names(self) -> tuple[str, ...]:
        """Every name this hypothesis declares."""
        return (self.name,)

    def is_number(self) -> bool:
        """Whether the name is a number: no array, no function."""
        return False

    def filled(self) -> tuple[str, ...]:
        """The sizes that must be at least 1 for this to be possible."""
        return ()

    def is_random(self) -> bool:
        """Whether E(…) averages over this name."""
        return False

    def sample(self, rng: Random, env: dict) -> None:
        raise NotImplementedError

    def condition(self, printed: Callable[[str], str]) -> str:
        """The hypothesis in words, for the page; ``printed`` gives the TeX of a name."""
        raise NotImplementedError
