"""The zip of the site: whole, the same bytes twice, never over another's file."""

import zipfile

import pytest

from tools import site_zip
from tools.site_zip import CannotPack, pack


@pytest.fixture
def site(tmp_path):
    """A small built book."""
    folder = tmp_path / "html"
    (folder / "chapters").mkdir(parents=True)
    (folder / "index.html").write_text("home", encoding="utf-8")
    (folder / "chapters/page.html").write_text("page", encoding="utf-8")
    return folder


def test_the_zip_holds_the_site_and_says_how_to_open_it(site, tmp_path):
    assert pack(site, tmp_path / "dist/site.zip") == 2
    with zipfile.ZipFile(tmp_path / "dist/site.zip") as packed:
        names = [name.removeprefix(f"{site_zip.FOLDER}/") for name in packed.namelist()]
        assert names == ["READ-ME-FIRST.txt", "chapters/page.html", "index.html"]
        assert b"open index.html" in packed.read(site_zip.READ_ME)
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["site.zip"]


def test_two_runs_write_the_same_bytes(site, tmp_path):
    pack(site, tmp_path / "a.zip")
    (site / "index.html").touch()
    pack(site, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_its_own_zip_is_replaced_and_no_other(site, tmp_path):
    pack(site, tmp_path / "site.zip")
    assert pack(site, tmp_path / "site.zip") == 2
    (tmp_path / "notes.zip").write_text("my notes", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("mine.txt", "mine")
    for name in ("notes.zip", "other.zip"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(CannotPack, match="not made by this command"):
            pack(site, tmp_path / name)
        assert (tmp_path / name).read_bytes() == before


def test_without_a_book_it_says_so(tmp_path):
    with pytest.raises(CannotPack, match="make book"):
        pack(tmp_path, tmp_path / "site.zip")
    with pytest.raises(SystemExit, match="make book"):
        site_zip.main(["--site", str(tmp_path)])
