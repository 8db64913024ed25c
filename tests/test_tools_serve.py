"""The local web server: types, compression, caching, missing pages."""

import gzip
import urllib.error
import urllib.request

import pytest

from tools.serve import serving


@pytest.fixture
def folder(tmp_path):
    """A small site."""
    (tmp_path / "part").mkdir()
    (tmp_path / "index.html").write_text("<h1>home</h1>" * 50, encoding="utf-8")
    (tmp_path / "part/index.html").write_text("part", encoding="utf-8")
    (tmp_path / "404.html").write_text("not here", encoding="utf-8")
    (tmp_path / "face.woff2").write_bytes(b"font")
    (tmp_path / "a.js").write_text("let a;", encoding="utf-8")
    return tmp_path


def get(address, **headers):
    """Status, headers and body of an answer."""
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_text_is_compressed_for_a_browser_that_asks(folder):
    with serving(folder) as url:
        _, headers, body = get(f"{url}/", **{"Accept-Encoding": "gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == (folder / "index.html").read_bytes()
        _, headers, body = get(f"{url}/index.html")
        assert headers["Content-Encoding"] is None and body.startswith(b"<h1>")
        _, headers, body = get(f"{url}/face.woff2", **{"Accept-Encoding": "gzip"})
        assert (headers["Content-Encoding"], headers["Content-Type"]) == (None, "font/woff2")
        assert body == b"font"


def test_scripts_have_the_type_that_browsers_insist_on(folder):
    with serving(folder) as url:
        assert get(f"{url}/a.js?v=1")[1]["Content-Type"].startswith("text/javascript")


def test_a_browser_may_keep_what_it_has(folder):
    with serving(folder, max_age=600) as url:
        _, headers, _ = get(f"{url}/a.js")
        assert headers["Cache-Control"] == "max-age=600"
        known = {"If-Modified-Since": headers["Last-Modified"]}
        assert get(f"{url}/a.js", **known)[0] == 304


def test_a_changed_file_is_read_again(folder):
    with serving(folder) as url:
        assert get(f"{url}/a.js")[2] == b"let a;"
        (folder / "a.js").write_text("let b, c;", encoding="utf-8")
        assert get(f"{url}/a.js")[2] == b"let b, c;"


def test_what_is_missing_shows_the_site_s_own_page(folder):
    with serving(folder) as url:
        assert (get(f"{url}/nothing")[0], get(f"{url}/nothing")[2]) == (404, b"not here")
        assert get(f"{url}/../serve.py")[0] == 404
        (folder / "404.html").unlink()
        assert get(f"{url}/nothing")[0] == 404


def test_folders_and_a_base(folder):
    with serving(folder, base="/book/") as url:
        assert get(f"{url}/book/part")[2] == b"part"
        assert get(f"{url}/book/a.js")[0] == 200
        assert get(f"{url}/a.js")[0] == 404


def test_bad_arguments_are_named(folder):
    with pytest.raises(ValueError, match="base: 'book' given"), serving(folder, base="book"):
        pass
    with pytest.raises(FileNotFoundError, match=r"folder: .*no folder"), serving(folder / "x"):
        pass
