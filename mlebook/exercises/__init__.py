"""Exercises on the learner's side: ``check`` says whether an answer passes the public checks.

The same judges mark a class, there with hidden tests and in another process than the
student's code: see ``grading``.

>>> from mlebook.exercises import check
>>> check("squared_error.by_hand", ..., ..., ...)
squared_error.by_hand: not answered yet
"""
from .verdicts import AnswerError, Verdict, Wrong

__all__ = ["AnswerError", "Verdict", "Wrong", "check"]


def check(question: str, *answers) -> None:
    """Print what the public checks say about your answers to ``"exercise.question"``.

    The answers come in the order in which the question names them.
    """
    from .local import check_answers  # torch and SymPy are needed from here on

    print(check_answers(question, answers))
