"""Pictures of the site: smaller files of the same pixels, loaded when they come near the view."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

TAG = re.compile(r"<img\b[^>]*?/?>")
SOURCE = re.compile(r'\bsrc="([^"]*?_images/)([^"/?]+\.png)"')
ADDRESS = re.compile(r'(\b(?:src|href)="[^"]*?_images/)([^"/?]+\.png)"')
# Method 6 takes twenty times as long and saves nothing on drawn figures.
LOSSLESS = {"format": "WEBP", "lossless": True, "quality": 100, "method": 4, "exact": True}


def shown(pages):
    """The names of the PNG pictures that pages show."""
    return sorted(
        {match[2] for page in pages for tag in TAG.findall(page) if (match := SOURCE.search(tag))}
    )


def convert(folder, names):
    """Write a WebP beside each PNG where that is smaller; return name → (new name, size)."""
    with ThreadPoolExecutor() as pool:
        return dict(
            zip(names, pool.map(lambda name: _converted(folder / name), names), strict=True)
        )


def _converted(path):
    smaller = path.with_suffix(".webp")
    with Image.open(path) as picture:
        size = picture.size
        picture.save(smaller, **LOSSLESS)
    if smaller.stat().st_size < path.stat().st_size:
        return smaller.name, size
    smaller.unlink()
    return path.name, size


def rewritten(page, pictures):
    """A page that shows the new files; all but its first picture wait until they are near."""
    tags = itertools.count()

    def treated(match):
        tag, first = match[0], next(tags) == 0
        source = SOURCE.search(tag)
        if source and source[2] in pictures:
            tag = _sized(tag, *pictures[source[2]][1])
        return tag if first or 'src="data:' in tag else _lazy(tag)

    def renamed(match):
        name, _ = pictures.get(match[2], (match[2], None))
        return f'{match[1]}{name}"'

    return ADDRESS.sub(renamed, TAG.sub(treated, page))


def _sized(tag, width, height):
    """The tag with its picture's shape, so that nothing moves when the picture arrives."""
    if re.search(r"\b(?:width|height)=", tag):
        return tag
    return _with(tag, f'width="{width}" height="{height}"')


def _lazy(tag):
    return tag if "loading=" in tag else _with(tag, 'loading="lazy" decoding="async"')


def _with(tag, attributes):
    return re.sub(r"\s*/?>$", f" {attributes} />", tag)
