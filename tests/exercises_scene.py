"""Small made-up questions, so that a judge can be tried without reading an exercise."""

from mlebook.exercises.judging import expected, judge
from mlebook.exercises.public import fingerprint, public_setting
from mlebook.exercises.settings import generator, set_up, setting

NAMES = set_up("import math\nimport torch\nfrom mlebook.proof import Step, Equal, SameMinimiser")


def question(kind, solution, test="", answers=("answer",), mistakes=(), equivalents=(), **options):
    """A question as plain data; ``mistakes`` are (name, share, hint, source)."""
    keys = ("name", "share", "hint", "source")
    return {
        "name": "made_up",
        "title": "Implement",
        "kind": kind,
        "points": 2,
        "answers": list(answers),
        "options": options,
        "solution": solution,
        "test": test,
        "hidden": "",
        "mistakes": [dict(zip(keys, mistake, strict=True)) for mistake in mistakes],
        "equivalents": list(equivalents),
    }


class Bench:
    """A question with what is expected, computed once."""

    def __init__(self, asked, hidden=False, seed=0):
        rng = generator(seed, "student", "made_up", "made_up")
        self.place = setting(asked, NAMES, rng, asked["test"], hidden)
        self.expected = expected(self.place)

    def judge(self, source):
        """The verdict on an answer cell."""
        return judge(self.place, self.place.run(source), self.expected)


class PublicBench(Bench):
    """The same question known by its fingerprint alone."""

    def __init__(self, asked):
        from mlebook.exercises.public import expected_from

        self.stored = fingerprint("made_up", asked, NAMES)
        self.place = public_setting("made_up", self.stored, NAMES)
        self.expected = expected_from(self.stored, self.place)
