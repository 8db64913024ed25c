"""Two submissions whose marks are known, graded before every class.

A missing mount or package looks like a student's zero. So the model solution must get full marks
and the untouched release none, through the same sandbox and workers, or the run stops.
"""

from grading import release, workers

SOLUTION, RELEASE = "control-solution", "control-release"


class ControlError(Exception):
    """A control got other marks than it must; the message says which, and where to look."""


def jobs(exercises, **options):
    """Both controls of each exercise."""
    for exercise in exercises:
        notebooks = {SOLUTION: release.solved(exercise), RELEASE: release.release(exercise)}
        for student, notebook in notebooks.items():
            submission = {
                "student": student,
                "exercise": exercise.slug,
                "notebook": release.as_text(notebook),
                "problems": [],
            }
            yield workers.job(submission, exercise.to_dict(), **options)


def differences(result):
    """One line for each question of a control that has not the mark it must have."""
    if result["error"]:
        return [f"the whole notebook: {result['error']}"]
    full = result["student"] == SOLUTION
    lines = []
    for question in result["questions"]:
        if question["kind"] == "text":
            continue
        expected = question["points"] if full else 0
        if question["mark"] != expected:
            said = question["limit"] or question["message"]
            lines.append(f"{question['name']}: {question['mark']} of {expected} points. {said}")
    broken = [cell for cell in result["cells"] if cell["error"]]
    return lines + [f"cell {cell['id']} fails: {cell['error']}" for cell in broken]


def check(graded):
    """Raise ControlError with everything that differs, or return how many controls there were."""
    wrong, count = [], 0
    for job, result, error in graded:
        count += 1
        submission = job["submission"]
        lines = [f"not graded: {error}"] if error else differences(result)
        place = f"{submission['student']} of {submission['exercise']}"
        wrong += [f"  {place}, {line}" for line in lines]
    if wrong:
        raise ControlError(
            "\n".join(
                [
                    "The controls failed, so no submission was graded. The model solution must get "
                    "full marks and the untouched release none, but:",
                    *dict.fromkeys(wrong),
                    "If all of one exercise fails, look at the sandbox (is the environment "
                    "complete? make test-grading) or at a time limit on a slow machine; if one "
                    "question fails, at its test in exercises/ or in HIDDEN.",
                ]
            )
        )
    return count
