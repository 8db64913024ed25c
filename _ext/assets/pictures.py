"""Pictures of the site: smaller files that look the same, loaded when they come near the view.

A figure of matplotlib becomes a WebP with 256 colours (of a million pixels some hundreds change by
more than a sixteenth of the scale) and a narrow one for phones: together half of the PNG's bytes.
"""

import re
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

TAG = re.compile(r"<img\b[^>]*?/?>")
SOURCE = re.compile(r'\bsrc="([^"]*?_images/)([^"/?]+\.(?:png|svg))"')
ADDRESS = re.compile(r'(\b(?:src|href)="[^"]*?_images/)([^"/?]+\.png)"')
# what stands before the first section
OPENING = re.compile(r'class="bd-article".*?(?=<h2|</article>)', re.DOTALL)
# as matplotlib writes it
SVG_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)pt" height="([\d.]+)pt"')
POINT = 4 / 3  # CSS pixels
# Here quality is effort. More, or method 6, takes up to twenty times as long and saves 1 %.
LOSSLESS = {"format": "WEBP", "lossless": True, "quality": 75, "method": 4}
NARROW = {"format": "WEBP", "quality": 80, "method": 4}
COLOURS = 256
NARROW_WIDTH = 720  # pixels; on a phone a figure is 300 to 400 CSS pixels wide
SIZES = "(max-width: 767px) calc(100vw - 2rem), 720px"


def shown(pages):
    """The names of the PNG pictures that pages show."""
    return sorted(
        {
            match[2]
            for page in pages
            for tag in TAG.findall(page)
            if (match := SOURCE.search(tag)) and match[2].endswith(".png")
        }
    )


def drawings(folder):
    """The sizes of the SVG pictures in a folder that matplotlib drew, in CSS pixels."""
    found = {path.name: SVG_SIZE.search(path.read_text("utf-8")) for path in folder.glob("*.svg")}
    return {
        name: (round(POINT * float(size[1])), round(POINT * float(size[2])))
        for name, size in found.items() if size
    }


def convert(folder, names):
    """Write the WebP files beside the PNG files; return each PNG's size in pixels."""
    with ThreadPoolExecutor() as pool:
        sizes = pool.map(lambda name: _convert(folder / name), names)
        return dict(zip(names, sizes, strict=True))


def _convert(path):
    with Image.open(path) as picture:
        drawn = picture.convert("RGBA" if "transparency" in picture.info else picture.mode)
        if drawn.mode == "RGBA" and drawn.getextrema()[3] == (255, 255):
            drawn = drawn.convert("RGB")  # nothing shines through
    flat = drawn.mode == "RGB"
    full = drawn.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB") if flat else drawn
    full.save(path.with_suffix(".webp"), **LOSSLESS)
    width, height = drawn.size
    if width > NARROW_WIDTH:
        narrow = (NARROW_WIDTH, round(height * NARROW_WIDTH / width))
        drawn.resize(narrow, Image.Resampling.LANCZOS).save(_narrow(path), **NARROW)
    return drawn.size


def _narrow(path):
    return path.with_name(f"{path.stem}-{NARROW_WIDTH}.webp")


def rewritten(page, pictures):
    """A page that shows the new files; those after its opening wait until they are near."""
    opening = OPENING.search(page)
    start = opening.end() if opening else 0

    def treated(match):
        tag, at_once = match[0], match.start() < start
        source = SOURCE.search(tag)
        if source and source[2] in pictures:
            width, height = pictures[source[2]]
            if source[2].endswith(".png") and width > NARROW_WIDTH:
                tag = _choice(tag, source[1] + source[2].removesuffix(".png"), width)
            tag = _sized(tag, width, height)
        return tag if at_once or 'src="data:' in tag else _lazy(tag)

    def renamed(match):
        known = match[2] in pictures
        return f'{match[1]}{match[2].removesuffix(".png")}.webp"' if known else match[0]

    return ADDRESS.sub(renamed, TAG.sub(treated, page))


def _choice(tag, stem, width):
    """The tag with two files to choose from."""
    files = f"{stem}-{NARROW_WIDTH}.webp {NARROW_WIDTH}w, {stem}.webp {width}w"
    return _with(tag, f'srcset="{files}" sizes="{SIZES}"')


def _sized(tag, width, height):
    """The tag with its picture's shape: nothing moves when the file arrives."""
    known = re.search(r"\b(?:width|height)=", tag)
    return tag if known else _with(tag, f'width="{width}" height="{height}"')


def _lazy(tag):
    return tag if "loading=" in tag else _with(tag, 'loading="lazy" decoding="async"')


def _with(tag, attributes):
    return re.sub(r"\s*/?>$", lambda _: f" {attributes} />", tag)
