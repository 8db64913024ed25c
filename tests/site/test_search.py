"""The search as a reader uses it: by keys, on a server and from disk."""

import json

import pytest
from bs4 import BeautifulSoup

OPTION = "#pst-search-dialog [role=option]"


def open_dialog(page, query):
    """Open the search by its key and type."""
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog[open]").wait_for()
    page.keyboard.type(query)


@pytest.fixture
def chapter(site, page):
    """A chapter, open on a desktop."""
    page.goto(f"{site.url}/chapters/squared_error.html")
    return page


def results_for(page, address, query):
    """The search page of a query, when the full text has been searched too."""
    page.goto(f"{address}/search.html?q={query}")
    page.locator("main .search-status", has_text="in the text").wait_for()
    return page


def named(page):
    """The addresses of the results by name."""
    links = page.locator(".search-by-name a")
    return [link.get_attribute("href") for link in links.all()]


def test_a_name_is_suggested_and_reached_by_keys(site, chapter):
    open_dialog(chapter, "fisher information")
    chapter.locator(OPTION).first.wait_for()
    field = chapter.get_by_role("combobox", name="Search this book")
    assert field.get_attribute("aria-expanded") == "true"
    chapter.keyboard.press("ArrowDown")
    chosen = chapter.locator(f"{OPTION}[aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    url = chosen.get_attribute("data-url")
    chapter.keyboard.press("Enter")
    chapter.wait_for_url(f"{site.url}/{url}")


def test_the_keys_go_round_through_the_query_itself(chapter):
    open_dialog(chapter, "pinball loss")
    chapter.locator(OPTION).first.wait_for()
    chapter.keyboard.press("ArrowUp")
    last = chapter.locator(OPTION).last
    assert last.get_attribute("aria-selected") == "true"
    chapter.keyboard.press("ArrowDown")
    assert chapter.locator(f"{OPTION}[aria-selected=true]").count() == 0


def test_the_number_of_suggestions_is_announced(chapter):
    open_dialog(chapter, "kullback")
    status = chapter.locator("#pst-search-dialog [role=status]")
    status.filter(has_text="suggestion").wait_for(state="attached")
    assert f"{chapter.locator(OPTION).count()} suggestion" in status.text_content()
    chapter.keyboard.type(" giraffe")
    status.filter(has_text="0 suggestions").wait_for(state="attached")


def test_the_names_are_loaded_when_the_dialog_opens_and_not_before(site, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/chapters/squared_error.html")
    early = [url for url in asked if "searchnames" in url or "searchindex" in url]
    open_dialog(page, "loss")
    page.locator(OPTION).first.wait_for()
    assert early == [] and any("searchnames.js" in url for url in asked)


def test_enter_without_a_choice_leads_to_the_results_and_on_to_the_formula(chapter):
    open_dialog(chapter, "soft threshold")
    chapter.keyboard.press("Enter")
    chapter.wait_for_url("**/search.html?q=soft+threshold")
    chapter.locator("main .search-status", has_text="in the text").wait_for()
    assert chapter.title().startswith("soft threshold – Search")
    link = chapter.locator('.search-by-name a[href$="#map.soft_threshold"]')
    link.focus()
    chapter.keyboard.press("Enter")
    chapter.wait_for_url("**/map.html#map.soft_threshold")
    assert chapter.locator('[id="map.soft_threshold"]').is_visible()


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("squared error", "squared_error.html"),
        ("negative log-likelihood of a Gaussian", "squared_error.nll"),
        ("squared_error.nll", "squared_error.nll"),
        ("KL divergence", "divergence.kl"),
        ("pinball", "absolute_error.pinball"),
        ("softmax gradient", "cross_entropy.gradient"),
        ("Fisher information", "maximum_likelihood.information"),
        ("Gibbs’ inequality", "term-Gibbs-inequality"),
        ("sigma", "notation.html#models"),
        ("λ", "notation.html#models"),
        ("fit_linear", "mlebook.estimators.fit_linear"),
    ],
)
def test_a_query_finds_what_it_names(site, page, query, address):
    found = named(results_for(page, site.url, query))
    assert any(url.endswith(address) for url in found), found


def test_the_count_is_said_and_right(site, page):
    results_for(page, site.url, "Newcomb")
    said = page.locator("main [role=status]").text_content()
    full = page.locator("#search-results ul.search > li").count()
    assert full and f"{full} place" in said and f"{len(named(page))} name" in said


def test_no_result_of_the_text_repeats_a_name(site, page):
    results_for(page, site.url, "soft threshold")
    links = page.locator("#search-results ul.search > li > a").all()
    text = [link.get_attribute("href") for link in links]
    assert not set(text) & set(named(page)), text


def test_the_search_works_from_disk_without_a_complaint(site, page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    found = named(results_for(page, site.folder.as_uri(), "pinball"))
    assert any(url.endswith("#absolute_error.pinball") for url in found)
    assert complaints == []


def test_highlights_stay_out_of_formulas_and_menus(site, page):
    results_for(page, site.url, "log")
    page.locator("#search-results ul.search a[href='chapters/likelihood.html']").first.click()
    page.locator("article .highlighted").first.wait_for()
    page.wait_for_timeout(100)  # what is torn is mended 20 milliseconds later
    assert page.locator(".katex .highlighted, nav .highlighted").count() == 0
    assert page.locator(".katex", has_text="log").count() > 10  # there was something to tear


def test_the_index_of_the_book_lists_formulas_under_their_names(site):
    index = BeautifulSoup((site.folder / "genindex.html").read_text("utf-8"), "html.parser")
    entries = {link["href"]: link for link in index.select("table a")}
    link = entries["chapters/squared_error.html#squared_error.density"]
    assert link.text == "squared_error.density"
    assert "Gaussian density" in link.find_parent("ul").parent.text
    assert sum("#map." in url for url in entries) > 20


def read_names(site):
    """What searchnames.js holds."""
    script = (site.folder / "searchnames.js").read_text(encoding="utf-8")
    return json.loads(script.partition("(")[2].rpartition(")")[0])


def lost(data, texts):
    """The names whose anchor is not on their page."""
    found = []
    for kind, name, place, anchor, *_ in data["names"]:
        url = data["pages"][place][0]
        if anchor and f'id="{anchor}"' not in texts[url]:
            found.append(f"{kind} {name}: {url}#{anchor}")
    return found


def test_every_name_leads_to_something(site):
    data = read_names(site)
    texts = {url: (site.folder / url).read_text(encoding="utf-8") for url, _ in data["pages"]}
    assert len(data["names"]) > 500 and lost(data, texts) == []
    planted = {**data, "names": [*data["names"], ["term", "ghost", 0, "term-ghost", "", "", ""]]}
    assert len(lost(planted, texts)) == 1
