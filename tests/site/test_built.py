"""The build itself: the same bytes twice, and every repair of the theme in its place."""

import filecmp

import pytest

from tools import book


def differences(one, other):
    """Paths below two folders that only one has, or whose bytes differ."""
    here, there = (
        {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        for root in (one, other)
    )
    changed = {
        name for name in here & there if not filecmp.cmp(one / name, other / name, shallow=False)
    }
    return sorted((here ^ there) | changed)


def test_a_second_build_has_the_same_bytes(site, tmp_path):
    assert book.build(tmp_path, strict=True) == 0
    assert differences(site.folder, tmp_path / "_build" / "html") == []


def test_a_changed_and_a_missing_file_are_found(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "same").write_text("same")
        (tmp_path / name / "sub" / "changed").write_text(name.ljust(5))
    (tmp_path / "one" / "alone").touch()
    assert differences(tmp_path / "one", tmp_path / "other") == ["alone", "sub/changed"]


@pytest.mark.parametrize(
    "mark",
    ['id="pst-primary-sidebar" role="region"', 'role="listitem"', "search-button-field",
     '<dialog id="pst-search-dialog" aria', '<dialog id="pst-primary-sidebar-modal" aria',
     '<dialog id="pst-secondary-sidebar-modal" aria'],
)
def test_the_theme_still_has_what_is_repaired(site, mark):
    texts = ((site.folder / name).read_text(encoding="utf-8") for name in site.pages)
    assert any(mark in text for text in texts), f"the theme has changed: no {mark}"
