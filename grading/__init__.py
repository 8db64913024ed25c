"""The instructor's side of the exercises: release, grade, give feedback. Not part of the wheel."""
