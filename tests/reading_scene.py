"""The symbols of the tests of the reader, one of each kind."""
from mlebook.proof import (
    Definition,
    Function,
    Index,
    Positive,
    PositiveFunction,
    Real,
    Reals,
    Simplex,
    Size,
)
from mlebook.proof.derivation import renderer_for
from mlebook.proof.read import names_of

GIVEN = (Size("n"), Size("d"), Positive("a"), Positive("b"), Positive("sigma"), Real("mu"),
         Index("i", size="n"), Reals("y"), Reals("X", sizes=("n", "d")),
         Reals("w", sizes=("d",)), Simplex("q", sizes=("n",)), PositiveFunction("p"),
         Function("f", tex=r"f_{{}}\left({}\right)"))
WHERE = (Definition("y_bar", "sum(y[i] for i in n)/n"),
         Definition("r", "y[i] - mu", ("i",), indexed=True))
NAMES = names_of(GIVEN, WHERE)
RENDERER = renderer_for(GIVEN, WHERE)
