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
from .compare import costly, differ, tolerance_for
from .evaluate import DIGITS, TooFar, Undefined, elementwise, evaluate
from .sampling import TRIES, nearer, samples, show, show_value
from .term import Term, TermError, parse


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


#: what is found with few digits is looked at again with more
PATIENT = (DIGITS, 10 * DIGITS, 100 * DIGITS)
#: enough for a mutant: nobody needs to know whether 100 times the digits would save it
HASTY = PATIENT[:2]


# --- the relations -------------------------------------------------------------------


def refute(hypotheses, definitions, left: Term, relation: rel.Relation, right: Term,
           tries: int = TRIES, digits=PATIENT) -> Counterexample | None:
    """A counterexample to "``right`` follows from ``left`` by ``relation``", or None."""
    if costly(left) or costly(right):
        tries, digits = min(tries, 2), digits[:1]
    found, learnt = None, False
    for rng, env in samples(hypotheses, definitions, f"{left}|{right}", tries):
        for values in (env, *nearer(hypotheses, definitions)):
            try:
                found = _attack(_Scene(hypotheses, rng, values), left, relation, right, digits)
            except TooFar:
                continue  # look nearer
            learnt = True
            break
        if found is not None:
            return found
    return None if learnt else Counterexample("all samples", str(left), str(right),
                                              "too large to evaluate", undefined=True)


def _attack(scene, left, relation, right, digits) -> Counterexample | None:
    """What one sample shows, and still shows with more digits.

    1 - 1/(1 + exp(-z)) loses z/2.3 digits: a difference that rounding made goes away.
    """
    attack, state, before = _ATTACKS[type(relation)], scene.rng.getstate(), None
    for number in digits:
        scene.rng.setstate(state)  # the same draws again
        with mp.workdps(number):
            found = attack(scene, left, relation, right)
        if found is None or (found == before and not found.undefined):
            return found
        before = found
    return before


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
    return None if a > b else Counterexample(
        show(scene.env) or "these numbers", show_value(a), show_value(b),
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
    unique = getattr(relation, "unique", True)
    for env in _nearby_and_far(scene, parameter, point):
        try:
            other = sign * evaluate(f, env)
        except Undefined:
            return _without_value(env, f)
        beaten = other < best - mpf("1e-18") * (1 + abs(best))
        if beaten or (unique and other <= best and differ(
                evaluate(Term("name", (parameter,)), env), point, mpf("1e-20"))):
            return Counterexample(
                show(env), f"objective {mpmath.nstr(sign * other, 8)} here",
                f"{mpmath.nstr(sign * best, 8)} at {parameter} = {show_value(point)}",
                "the claimed point is beaten" if beaten else "the claimed point is not alone")
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
    if relation.to not in _PLACES:
        raise TermError(f"there is no limit at {relation.to}: only at 0, oo and -oo")
    try:
        return _approach(scene, left, relation, right, 12)
    except TooFar:  # exp(exp(x)): not so far
        return _approach(scene, left, relation, right, 2)


#: the sign of the places near a limit point, and of the power of ten that leads to them
_PLACES = {"0": (1, -1), "oo": (1, 1), "-oo": (-1, 1)}


def _approach(scene, left, relation, right, power):
    sign, direction = _PLACES[relation.to]
    close, closer = (sign * mpf(10) ** (direction * k) for k in (power, 2 * power))
    try:
        target = _limit_target(right, scene.env)
        with mp.workdps(3 * mp.dps):  # (1 + 1/x)**x loses as many digits as x has
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
