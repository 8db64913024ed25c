"""Relations: how a line of a derivation follows from the line above it.

They are plain data.  What each one claims is proved in :mod:`.prove`, attacked in
:mod:`.refute` and printed in :mod:`.render`, three readings that share no
mathematics.
"""
from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Relation:
    """Base class.  ``status`` is what the page may say about a line that was verified."""

    status = "proved"


@dataclass(frozen=True)
class Equal(Relation):
    """Both lines are the same number (vector, objective) for all values of the symbols."""


@dataclass(frozen=True)
class SameMinimiser(Relation):
    """The line above is a·(this line) + c, with a and c free of the parameter.

    With a > 0 both have the same minimisers (maximisers); with a < 0 the minimisers of
    one are the maximisers of the other, and the lines must say so.  The witnesses a and
    c are part of the claim: "up to a constant" is not accepted.
    """

    a: str = "1"
    c: str = "0"


@dataclass(frozen=True)
class TakeLog(Relation):
    """This line is the logarithm of the objective above, which is provably positive."""


@dataclass(frozen=True)
class AtLeast(Relation):
    """The line above is ≥ this line, since the difference equals the certificate.

    The certificate is non-negative by its very structure: squares, h, products and sums of
    such.
    """

    certificate: str = "0"


@dataclass(frozen=True)
class Greater(Relation):
    """The line above is strictly greater: the difference is positive by structure."""


@dataclass(frozen=True)
class Attained(Relation):
    """The line above is an arg min (arg max); this line is where it is attained.

    The objective's excess over its value there equals the certificate, non-negative by
    structure.  ``unique`` claims that the excess vanishes nowhere else.
    """

    certificate: str = "0"
    unique: bool = True


@dataclass(frozen=True)
class ByConvexity(Relation):
    """The line above is an arg min (arg max) over a real parameter; here is its one point.

    The first derivative vanishes there and the second is positive (negative) on the
    whole interval by structure.
    """


@dataclass(frozen=True)
class Limit(Relation):
    """This line is the limit of the line above as ``variable`` tends to ``to``.

    ``to`` is "0" (from above), "oo" or "-oo".
    """

    variable: str = "x"
    to: str = "0"


@dataclass(frozen=True)
class ByTheorem(Relation):
    """This line follows by a named theorem, whose preconditions are checked."""

    theorem: str = "law of large numbers"
    variable: str = "n"
    source: str = field(default="", compare=False)
    status = "theorem"
