"""Say in a few lines of text how a class did: marks, hard questions, common mistakes."""

from collections import Counter

from grading.marks import Total, number, rows, unread

BINS, BAR = 10, 40  # of the histogram: how many, and how long the longest is


def text(exercises, results, manual, found):
    """Return the summary of a grading run."""
    parts = [_counts(exercises, results, found)]
    for slug, exercise in exercises.items():
        own = [result for result in results if result["exercise"] == slug]
        if own:
            parts.append(_exercise(exercise, own, manual))
    return "\n\n".join(parts)


def _counts(exercises, results, found):
    lines = [f"{_many(len(results), 'submission')} by {_many(len(found.students), 'student')}"]
    without = found.students.keys() - {submission.student for submission in found.submissions}
    if without:
        lines.append(f"{_many(len(without), 'student')} without a notebook of an exercise")
    if empty := sum(unread(result) for result in results):
        lines.append(f"{_many(empty, 'notebook')} from which no answer could be read")
    if failed := sum(bool(result.get("error")) for result in results):
        lines.append(f"{_many(failed, 'submission')} not graded, because the grader failed")
    return "\n".join(lines)


def _many(count, noun):
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _exercise(exercise, results, manual):
    """Summarise one exercise: a histogram of the marks, and its questions, hardest first."""
    marked = [rows(exercise, result, manual) for result in results]
    totals = [Total.of(parts) for parts in marked]
    handed_in = _many(len(results), "submission")
    lines = [f"{exercise.slug} ({handed_in}, {number(exercise.points)} points)"]
    lines += _histogram(totals, exercise.points)
    pending = sum(row.pending for parts in marked for row in parts)
    if pending:
        lines.append(f"  {_many(pending, 'answer')} still to be marked by hand, left out below")
    review = sum(row.review for parts in marked for row in parts)
    if review:
        lines.append(f"  {_many(review, 'answer')} changed since marked by hand: look again")
    lines.append("  questions, most missed first (mean share of the points):")
    columns = [_question([parts[n] for parts in marked]) for n in range(len(exercise.questions))]
    lines += [line for _, line in sorted(columns)]
    return "\n".join(lines)


def _histogram(totals, points):
    """Draw how many have what share of the points that are marked so far."""
    counts = Counter(_bin(total, points) for total in totals)
    longest = max(counts.values())
    lines = []
    for n in range(BINS):
        bar = "█" * round(BAR * counts[n] / longest) or ("▏" if counts[n] else "")
        low, high = 100 * n // BINS, 100 * (n + 1) // BINS
        lines.append(f"  {low:3d}–{high:3d} %  {counts[n]:5d}  {bar}".rstrip())
    return lines


def _bin(total, points):
    share = total.total / (points - total.pending) if points > total.pending else 0
    return min(BINS - 1, max(0, int(share * BINS + 1e-9)))


def _question(column):
    """Return a key to sort by, and a line about one question over all students."""
    marked = [row for row in column if not row.pending]
    waiting = len(column) - len(marked)
    first = column[0]
    name = f"    {first.name} ({first.title})"
    if not marked:
        return (True, 1.0), f"{name}: waits for marking by hand"
    share = sum(row.earned for row in marked) / (len(marked) * first.points)
    mistakes = Counter(row.mistake for row in marked if row.mistake)
    line = f"{name}: {share:.0%}" + (f", {waiting} to be marked by hand" if waiting else "")
    if mistakes:
        (mistake, count), *_ = mistakes.most_common(1)
        line += f", most often {mistake} ({count} of {len(marked)})"
    return (waiting > 0, share), line
