"""Symbols and hypotheses for the tests of absolute values, order and half-lines."""
from mlebook.proof import (
    Bounded,
    ContinuousDensity,
    Definition,
    Derivation,
    Equal,
    Positive,
    QuantileDensity,
    Real,
    Reals,
    Size,
    Step,
    parse,
)
from mlebook.proof.context import Context
from mlebook.proof.prove import prove

N, D, R0 = Size("n"), Size("d"), Size("r", least=0)
A, B, W, M, Y = Real("a"), Real("b"), Real("w"), Real("m"), Reals("y")
S, LAM = Positive("s"), Positive("lam")
NUMBERS = (A, B, Real("c"), S)
MODEL = (N, D, Reals("X", sizes=("n", "d")), Y, Reals("w", sizes=("d",)))
PAIRS = (R0, Real("q"), Bounded("low", high="q", sizes=("r",)),
         Bounded("up", low="q", sizes=("r",)), M)
PAIR_SUM = "sum(abs(low[j] - m) + abs(up[j] - m) for j in r)"
ABOVE_LAM = Bounded("a", low="lam", strict=True)
UP_TO_LAM = Bounded("a", low="-lam", high="lam")
SHRINK = "argmin(w, (a - w)**2/2 + lam*abs(w))"
DENSITY = Definition("p", "exp(-abs(y - mu)/b)/(2*b)", ("y", "mu", "b"))
LAPLACE = (Real("mu"), Positive("b"))
SMOOTH = (ContinuousDensity("p"), M)
EXPECTED = "integral(abs(y - m)*p(y) for y in R)"
MEDIAN = QuantileDensity("p", quantile="q", level="1/2")


def proved(given_, left, right, relation=None, where=()):
    """The prover alone, which must not lean on the refuter."""
    return bool(prove(Context(given_, where), parse(left), relation or Equal(), parse(right)))


def derive(given_, left, right, relation=None, where=()):
    step = Step(right, "so it is claimed", relation or Equal())
    return Derivation("cases.step", "A case", tuple(given_), left, (step,), where)
