"""Delete the files that came with the theme and that nothing on the site asks for."""

import re

REFERENCE = re.compile(r"""[\w.%+-]+\.(?:css|js|png|webp|svg|ico|woff2|json|gif|jpe?g)\b""")


def references(texts):
    """Every file name that stands in the texts."""
    return {name for text in texts for name in REFERENCE.findall(text)}


def sweep(folder, named):
    """Delete the files of a folder whose names are not among ``named``; then empty folders.

    Licences stay: they go with the copies.
    """
    for path in sorted(folder.rglob("*"), reverse=True):  # a folder after what is in it
        if path.is_file() and path.name not in named and not path.name.startswith("LICENSE"):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
