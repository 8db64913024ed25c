"""``python -m grading grade SUBMISSIONS OUT``: what stands behind ``make grade``."""

import argparse
import sys

from grading.run import INTERRUPTED, MISUSED, Misuse, Request, grade


def count(text):
    """A number of workers."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text}")
    return number


def parser():
    """The options of the command line; each has its variable for make."""
    main = argparse.ArgumentParser(
        prog="python -m tools grade",
        description="Grade a class. With make, the same in capitals: make grade SUBMISSIONS=dir "
        "OUT=dir HIDDEN=dir SEED=n WORKERS=n SCHEDULER=address LIMITS='seconds_cell=10' UNSAFE=1 "
        "ONLY='map huber'. Run it again after an interruption, or after marking by hand: it goes "
        "on where it stopped.",
    )
    add = main.add_argument
    add("submissions", metavar="SUBMISSIONS", help="a folder, or a learning platform's zip")
    add("out", metavar="OUT", help="a folder for marks, feedback and gradebook; kept between runs")
    add("--hidden", metavar="DIR", help="DIR/<exercise>/hidden.md replace the public hidden tests")
    add("--seed", type=int, help="of the hidden tests' data (default: a secret one, kept in OUT)")
    add("--workers", type=count, help="submissions at a time (default: one for each core)")
    add("--scheduler", metavar="ADDRESS", help="of a Dask cluster that does the work instead")
    add("--unsafe", action="store_true", help="without bubblewrap; says what is not protected")
    add("--limits", nargs="+", default=(), metavar="NAME=NUMBER", help="such as seconds_cell=10")
    add("--only", nargs="+", default=(), metavar="EXERCISE", help="leave out the other exercises")
    return main


def main(arguments):
    """Run the command and return its exit code."""
    if arguments[:1] != ["grade"]:
        print("usage: python -m grading grade SUBMISSIONS OUT [options]", file=sys.stderr)
        return MISUSED
    given = parser().parse_args(arguments[1:])
    try:
        return grade(Request(**vars(given)))
    except Misuse as error:
        print(error, file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        print("interrupted; run the same command again", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
