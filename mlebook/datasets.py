"""Eight small, classical, real data sets, with their origin, units and traps.

Each function returns a :class:`Dataset`, read from a CSV file inside the package (no network).
The values are published facts in the public domain, the penguins CC0.

>>> heights = galton_heights()
>>> heights
Galton's heights: 928 rows
  midparent_height  float  in    64 to 73
  child_height      float  in    61.7 to 73.7
Source: Galton, F. (1886). Regression towards mediocrity in hereditary stature. ...
Note: ...
>>> heights.child_height[:3]
array([61.7, 61.7, 61.7])
"""
from __future__ import annotations

from functools import lru_cache

from mlebook.table import Dataset
from mlebook.table import read as _read

__all__ = [
    "Dataset", "challenger_orings", "diabetes", "engel_food", "galton_heights", "horse_kicks",
    "motorcycle_impact", "newcomb_light", "penguins",
]


@lru_cache(maxsize=1)
def galton_heights() -> Dataset:
    """Heights of 928 adult children and of their parents, in inches: where regression began.

    ``midparent_height`` is the mean of the father's height and 1.08 times the mother's;
    ``child_height`` has daughters' heights times 1.08.

    >>> galton_heights().child_height.mean().round(3)
    np.float64(68.088)
    """
    return _read(
        "galton_heights.csv", "Galton's heights",
        {"midparent_height": "in", "child_height": "in"},
        "Galton, F. (1886). Regression towards mediocrity in hereditary stature. Journal of the "
        "Anthropological Institute of Great Britain and Ireland 15, 246-263.",
        "Read from a printed table: heights are the middles of 1-inch classes, and the lowest "
        "and highest classes are open. Children of one family are not independent.")


@lru_cache(maxsize=1)
def newcomb_light() -> Dataset:
    """Newcomb's 66 timings of light over about 7.4 km, with two gross outliers.

    ``deviation`` is the passage time minus 24 800 ns, in ns.

    >>> sorted(newcomb_light().deviation.tolist())[:3]
    [-44, -2, 16]
    """
    return _read(
        "newcomb_light.csv", "Newcomb's light times", {"deviation": "ns"},
        "Newcomb, S., measured 1882, after Stigler, S. M. (1977). Do robust estimators work with "
        "real data? Annals of Statistics 5(6), 1055-1098.",
        "Two gross outliers, -44 and -2. Seven values equal 28, so the likelihood of a Student-t "
        "is unbounded for degrees of freedom below 7/59.")


@lru_cache(maxsize=1)
def horse_kicks() -> Dataset:
    """Deaths by horse kick in 14 Prussian army corps over 20 years: the classical Poisson data.

    ``corps`` is a label (G is the Guard), ``year`` runs from 1875 to 1894.

    >>> import numpy as np
    >>> np.bincount(horse_kicks().deaths)
    array([144,  91,  32,  11,   2])
    """
    return _read(
        "horse_kicks.csv", "Deaths by horse kick", {"corps": "", "year": "", "deaths": ""},
        "Bortkiewicz, L. von (1898). Das Gesetz der kleinen Zahlen. Leipzig: Teubner.",
        "All 14 corps are here. Bortkiewicz himself set four apart (G, I, VI, XI), whose make-up "
        "differed, and the textbook table of 200 counts leaves them out.")


@lru_cache(maxsize=1)
def challenger_orings() -> Dataset:
    """O-ring damage on the 23 shuttle launches before Challenger, and the temperature.

    ``temperature`` at launch in °F; ``erosion``, ``blowby`` and ``incidents`` in all are counts.

    >>> int((challenger_orings().incidents > 0).sum())
    7
    """
    return _read(
        "challenger_orings.csv", "Challenger's O-rings",
        {"temperature": "°F", "erosion": "", "blowby": "", "incidents": ""},
        "Dalal, S. R., Fowlkes, E. B. and Hoadley, B. (1989). Risk analysis of the space shuttle: "
        "pre-Challenger prediction of failure. Journal of the American Statistical Association "
        "84(408), 945-957.",
        "The fatal launch was at 31 °F, far below the coldest of these, 53 °F. At 75 °F one "
        "launch has two blow-bys but one incident in this file; that it had any is not in doubt.")


@lru_cache(maxsize=1)
def motorcycle_impact() -> Dataset:
    """Acceleration of the head in a simulated motorcycle accident.

    ``time`` after impact in ms; ``acceleration`` in g (9.81 m/s²).

    >>> len(motorcycle_impact())
    133
    """
    return _read(
        "motorcycle_impact.csv", "Motorcycle impact", {"time": "ms", "acceleration": "g"},
        "Silverman, B. W. (1985). Some aspects of the spline smoothing approach to non-parametric "
        "regression curve fitting. Journal of the Royal Statistical Society B 47(1), 1-52.",
        "The noise grows with time, and several rows share a time. With a linear mean the "
        "heteroscedastic likelihood has several maxima.")


@lru_cache(maxsize=1)
def penguins() -> Dataset:
    """Sizes of 344 penguins of three species on three islands of the Palmer Archipelago.

    Bill length and depth and flipper length in mm, body mass in g.  11 rows have missing
    values (NaN, or empty text for the sex); they are kept, :meth:`Dataset.complete` drops them.

    >>> penguins().missing
    {'bill_length': 2, 'bill_depth': 2, 'flipper_length': 2, 'body_mass': 2, 'sex': 11}
    """
    return _read(
        "penguins.csv", "Palmer penguins",
        {"species": "", "island": "", "bill_length": "mm", "bill_depth": "mm",
         "flipper_length": "mm", "body_mass": "g", "sex": "", "year": ""},
        "Gorman, K. B., Williams, T. D. and Fraser, W. R. (2014). Ecological sexual dimorphism "
        "and environmental variability within a community of Antarctic penguins (genus "
        "Pygoscelis). PLoS ONE 9(3), e90081. Through palmerpenguins (CC0).",
        "With all four measurements the species are linearly separable, so softmax regression "
        "has no maximum likelihood estimate; with the two bill measurements it has one.")


@lru_cache(maxsize=1)
def engel_food() -> Dataset:
    """Income and food expenditure of 235 Belgian working-class households, in francs a year.

    >>> engel_food().income.max().round(1)
    np.float64(4957.8)
    """
    return _read(
        "engel_food.csv", "Engel's food expenditure",
        {"income": "BEF", "food_expenditure": "BEF"},
        "Engel, E. (1857). Die Productions- und Consumtionsverhältnisse des Königreichs Sachsen. "
        "Through Koenker, R. and Bassett, G. (1982). Robust tests for heteroscedasticity based on "
        "regression quantiles. Econometrica 50(1), 43-61.",
        "The spread of expenditure grows with income. In raw units Adam is useless within 2000 "
        "steps: standardise, or use a second-order method.")


@lru_cache(maxsize=1)
def diabetes() -> Dataset:
    """Ten measurements of 442 diabetes patients, and how far the disease went a year later.

    ``sex`` is a code, 1 or 2; ``bmi`` the body mass index; ``blood_pressure`` an average.  Six were
    measured in the blood serum: ``tc`` total cholesterol, ``ldl`` and ``hdl`` low- and high-density
    lipoproteins, ``tch`` the ratio of tc to hdl, ``ltg`` probably the log of the triglycerides,
    ``glu`` glucose.  ``progression`` is the target, a score without a unit.

    >>> diabetes().progression[:3]
    array([151,  75, 141])
    """
    return _read(
        "diabetes.csv", "Diabetes progression",
        {"age": "years", "sex": "", "bmi": "kg/m²", "blood_pressure": "mmHg", "tc": "mg/dl",
         "ldl": "mg/dl", "hdl": "mg/dl", "tch": "", "ltg": "", "glu": "mg/dl", "progression": ""},
        "Efron, B., Hastie, T., Johnstone, I. and Tibshirani, R. (2004). Least angle regression. "
        "Annals of Statistics 32(2), 407-499. Raw values through scikit-learn (BSD).",
        "The paper states neither what the sexes' codes mean nor the units of blood pressure and "
        "serum; mmHg and mg/dl are inferred from the size of the values. tc, ldl, hdl and tch "
        "are strongly correlated, so their coefficients are poorly determined.")
