"""The refuter: look for a counterexample with small concrete numbers.

It evaluates both lines of a step at random values that satisfy the hypotheses, with 30
digits, and shares no mathematics with the prover: no SymPy, no normal form, no rules.  It
cannot prove anything; it can only find a case in which a claim is false.
"""
from __future__ import annotations

from dataclasses import dataclass

import mpmath
from mpmath import mp, mpf

from . import relations as rel
from .evaluate import DIGITS, Undefined, elementwise, evaluate
from .hypotheses import Vector
from .sampling import TRIES, samples, show, show_value
from .term import Term, TermError, name, parse, walk


@dataclass(frozen=True)
class Counterexample:
    """Values for which the claim is false, and what the two sides are there."""

    values: str
    left: str
    right: str
    complaint: str = "the two sides differ"
    #: a line has no value here: no mistake of the prover's, whose algebra is generic
    undefined: bool = False

    def __str__(self):
        return f"for {self.values}: {self.complaint}: {self.left} against {self.right}"


# --- comparing -----------------------------------------------------------------------


def differ(a, b, tolerance) -> bool:
    if isinstance(a, Vector) or isinstance(b, Vector):
        if not (isinstance(a, Vector) and isinstance(b, Vector)) or len(a) != len(b):
            return True
        return any(differ(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return abs(a - b) > tolerance * (1 + abs(a) + abs(b))


def tolerance_for(*terms: Term) -> mpf:
    """Exact up to rounding, except where an integral or a derivative is approximated."""
    operations = {t.op for term in terms for _, t in walk(term)}
    return mpf("1e-9") if "integral" in operations else mpf("1e-20")


def _costly(term: Term) -> bool:
    """An integral or an infinite sum, which takes hundreds of evaluations."""
    return any(t.op == "integral" or t == name("N") for _, t in walk(term))


# --- the relations -------------------------------------------------------------------


def refute(hypotheses, definitions, left: Term, relation: rel.Relation, right: Term,
           tries: int = TRIES) -> Counterexample | None:
    """A counterexample to "``right`` follows from ``left`` by ``relation``", or None."""
    attack = _ATTACKS[type(relation)]
    if _costly(left) or _costly(right):
        tries = min(tries, 2)
    with mp.workdps(DIGITS):
        for rng, env in samples(hypotheses, definitions, f"{left}|{right}", tries):
            scene = _Scene(hypotheses, rng, env)
            found = attack(scene, left, relation, right)
            if found is not None:
                return found
    return None


def _without_value(env, line) -> Counterexample:
    return Counterexample(show(env), str(line), "no finite value", "a line has no value there",
                          undefined=True)


class _Scene:
    """One sample, and a way to draw the parameter of an arg min anew."""

    def __init__(self, hypotheses, rng, env):
        self.hypotheses, self.rng, self.env = hypotheses, rng, env

    def redraw(self, parameter: str, count: int = 6):
        source = next((h for h in self.hypotheses if h.name == parameter), None)
        if source is None:
            raise TermError(f"the parameter {parameter!r} is not declared")
        for _ in range(count):
            env = dict(self.env)
            source.sample(self.rng, env)
            yield env

    def compare(self, left, right, env=None, complaint="the two sides differ"):
        env = self.env if env is None else env
        try:
            a = evaluate(left, env)
        except Undefined:
            return _without_value(env, left)
        try:
            b = evaluate(right, env)
        except Undefined:
            return _without_value(env, right)
        if differ(a, b, tolerance_for(left, right)):
            return Counterexample(show(env), show_value(a), show_value(b), complaint)
        return None


def _attack_equal(scene, left, relation, right):
    extrema = ("argmin", "argmax")
    if left.op in extrema or right.op in extrema:
        if left.op != right.op or left.args[0] != right.args[0]:
            return _same_order(scene, left, right)
        left, right = left.args[1], right.args[1]
    return scene.compare(left, right)


def _same_order(scene, left, right):
    """Of any two parameter values both objectives must prefer the same one."""
    if left.op not in ("argmin", "argmax") or right.op not in ("argmin", "argmax"):
        return Counterexample(show(scene.env), str(left), str(right), "not the same kind of line")
    signs = [1 if t.op == "argmin" else -1 for t in (left, right)]
    envs = list(scene.redraw(left.args[0]))
    scores = []
    for env in envs:
        try:
            scores.append((signs[0] * evaluate(left.args[1], env),
                           signs[1] * evaluate(right.args[1], env), env))
        except Undefined:
            continue
    for f, g, env in scores[1:]:
        f0, g0, _ = scores[0]
        slack = mpf("1e-8")
        if (f - f0 > slack and g - g0 < -slack) or (f - f0 < -slack and g - g0 > slack):
            return Counterexample(show(env), mpmath.nstr(f - f0, 6), mpmath.nstr(g - g0, 6),
                                  f"from another value of {left.args[0]} one objective "
                                  "improves and the other worsens")
    return None


def _attack_same_minimiser(scene, left, relation, right):
    found = _same_order(scene, left, right)
    if found is not None or left.op not in ("argmin", "argmax"):
        return found
    claimed = Term("add", (Term("mul", (parse(relation.a), right.args[1])), parse(relation.c)))
    return scene.compare(left.args[1], claimed, complaint="the witnesses a and c do not fit")


def _attack_take_log(scene, left, relation, right):
    if left.op != right.op or left.op not in ("argmin", "argmax"):
        return _same_order(scene, left, right)
    return scene.compare(Term("call", ("log", left.args[1])), right.args[1])


def _attack_at_least(scene, left, relation, right):
    certificate = parse(relation.certificate)
    found = scene.compare(Term("sub", (left, right)), certificate,
                          complaint="the difference is not the certificate")
    if found is None:
        try:
            gap = evaluate(certificate, scene.env)
        except Undefined:
            return _without_value(scene.env, certificate)
        if gap < -tolerance_for(left, right):
            return Counterexample(show(scene.env), mpmath.nstr(gap, 6), "0", "negative gap")
    return found


def _attack_greater(scene, left, relation, right):
    try:
        a, b = evaluate(left, scene.env), evaluate(right, scene.env)
    except Undefined:
        return _without_value(scene.env, Term("sub", (left, right)))
    return None if a > b else Counterexample("these numbers", show_value(a), show_value(b),
                                             "the left is not greater")


def _attack_attained(scene, left, relation, right):
    """The objective at the claimed point must not be worse than anywhere else."""
    if left.op not in ("argmin", "argmax"):
        return Counterexample(show(scene.env), str(left), str(right), "not an arg min")
    parameter, f = left.args
    sign = 1 if left.op == "argmin" else -1
    try:
        point = evaluate(right, scene.env)
        best = sign * evaluate(f, {**scene.env, parameter: point})
    except Undefined:
        return _without_value(scene.env, right)
    for env in _nearby_and_far(scene, parameter, point):
        try:
            other = sign * evaluate(f, env)
        except Undefined:
            return _without_value(env, f)
        if other < best - mpf("1e-18") * (1 + abs(best)):
            return Counterexample(
                show(env), f"objective {mpmath.nstr(sign * other, 8)} here",
                f"{mpmath.nstr(sign * best, 8)} at {parameter} = {show_value(point)}",
                "the claimed point is beaten")
    if isinstance(relation, rel.Attained):
        at = {**scene.env, "the claimed point": point}
        return _attack_certificate(scene, f, sign, best, parse(relation.certificate), at)
    return None


def _nearby_and_far(scene, parameter, point):
    """Other values of the parameter, and points a thousandth of the way towards them."""
    for env in scene.redraw(parameter):
        yield env
        nearby = elementwise(lambda a, b: (999 * a + b) / 1000, point,
                             evaluate(Term("name", (parameter,)), env))
        yield {**env, parameter: nearby}


def _attack_certificate(scene, f, sign, best, certificate, env):
    try:
        excess = sign * evaluate(f, env) - best
        claimed = evaluate(certificate, env)
    except Undefined:
        return _without_value(env, certificate)
    if differ(excess, claimed, mpf("1e-18")):
        return Counterexample(show(scene.env), mpmath.nstr(excess, 8), mpmath.nstr(claimed, 8),
                              "the excess over the optimum is not the certificate")
    return None


def _attack_limit(scene, left, relation, right):
    """Go close to the limit point, and then closer: the value must approach the claimed one."""
    close, closer = (mpf(10) ** k for k in ((12, 24) if relation.to == "oo" else (-12, -24)))
    try:
        target = _limit_target(right, scene.env)
        with mp.workdps(3 * DIGITS):  # (1 + 1/x)**x loses as many digits as x has
            first, second = (evaluate(left, {**scene.env, relation.variable: x})
                             for x in (close, closer))
    except Undefined:
        return _without_value(scene.env, left)
    if mpmath.isinf(target):
        approaches = second * target > 0 and abs(second) > abs(first)
    else:
        approaches = abs(second - target) < mpf("1e-8")
    if approaches:
        return None
    return Counterexample(f"{relation.variable} = {mpmath.nstr(closer, 3)}",
                          show_value(second), show_value(target), "the value does not approach it")


def _limit_target(term, env):
    if term == parse("oo"):
        return mpf("inf")
    if term == parse("-oo"):
        return mpf("-inf")
    return evaluate(term, env)


def _attack_by_theorem(scene, left, relation, right):
    """A sample mean has, at every size, the limit as its exact expectation."""
    return scene.compare(Term("call", ("E", left)), right,
                         complaint="the expectation of the mean is not the claimed limit")


_ATTACKS = {
    rel.Equal: _attack_equal, rel.SameMinimiser: _attack_same_minimiser,
    rel.TakeLog: _attack_take_log, rel.AtLeast: _attack_at_least,
    rel.Greater: _attack_greater, rel.Attained: _attack_attained,
    rel.ByConvexity: _attack_attained, rel.Limit: _attack_limit,
    rel.ByTheorem: _attack_by_theorem,
}
