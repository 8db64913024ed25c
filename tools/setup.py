"""Create ``.venv`` and install the pinned packages: ``python -m tools.setup``.

Standard library only. Does nothing when the environment already holds what requirements.txt asks.
Some commands ask for more: those that grade for requirements-grading.txt, those that drive a
browser for requirements-site.txt. No other command installs these.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tools.environment import ROOT

VENV = ROOT / ".venv"
STAMP = VENV / ".installed"
OLDEST, NEWEST = (3, 11), (3, 13)


def venv_python(venv=VENV):
    """The interpreter inside the environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted(*more):
    """What the environment must have been made from; stored in the stamp file."""
    files = [ROOT / name for name in ("requirements.txt", "pyproject.toml", *more)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return f"python {sys.version_info.major}.{sys.version_info.minor}\n{ROOT}\n{digest}\n"


def in_venv():
    """Whether this process already runs in the project's environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def check_python(version=None):
    """Stop with a plain message where this Python is too old or too new for the pins."""
    version = version or tuple(sys.version_info[:2])
    if not OLDEST <= version <= NEWEST:
        found = ".".join(map(str, version))
        sys.exit(
            f"Python 3.11, 3.12 or 3.13 is needed, this is {found}. "
            "Name another one: make book PYTHON=python3.12"
        )


def create():
    """Make the environment; refuse to clear a directory that this tool did not make."""
    if VENV.exists() and not STAMP.exists() and any(VENV.iterdir()):
        sys.exit(f"{VENV} exists, but this tool did not finish it. Delete it, then run again.")
    print(f"creating {VENV}", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        sys.exit(
            "The environment could not be made. On Debian and Ubuntu Python's venv is a package "
            "of its own: sudo apt-get install python3-venv"
        )
    STAMP.write_text("unfinished\n", encoding="utf-8")


def pip(*arguments):
    """Run pip in the environment; where it fails, stop below its own message."""
    command = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([*command, *arguments], cwd=ROOT, check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"pip failed (exit code {error.returncode}); its message stands above.")


def install():
    """Install the pins, then the package itself without resolving anything again."""
    print("installing requirements.txt (the first time takes some minutes)", flush=True)
    pip("-r", "requirements.txt")
    pip("--no-deps", "--no-build-isolation", "-e", ".")


def install_extra(extra):
    """Install what requirements-<extra>.txt asks beyond requirements.txt, unless that was done."""
    name, stamp = f"requirements-{extra}.txt", VENV / f".installed-{extra}"
    wish = wanted(name)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wish:
        print(f"installing {name} (once)", flush=True)
        # Both files, so that neither can move a version that the other pins.
        pip("-r", "requirements.txt", "-r", name)
        stamp.write_text(wish, encoding="utf-8")


def same_python(text):
    """Whether the stamp was left by this Python version in this folder."""
    return text.splitlines()[:2] == wanted().splitlines()[:2]


def main(extra=None):
    """Bring the environment up to date, with an extra if asked; return the path of its Python."""
    if not in_venv():
        bring_up_to_date()
    if extra:
        install_extra(extra)
    return Path(sys.executable) if in_venv() else venv_python()


def bring_up_to_date():
    """Make the environment, or make it anew for another Python, and install the pins."""
    check_python()
    stamp = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    if stamp != wanted() or not venv_python().exists():
        if not same_python(stamp) or not venv_python().exists():
            create()
        install()
        STAMP.write_text(wanted(), encoding="utf-8")


if __name__ == "__main__":
    main()
