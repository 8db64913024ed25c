/* Search by name: formulas, terms, sections, symbols and the package's objects.
 *
 * While one types in the search dialog the best names are suggested; on the search page they stand
 * above the results of the full text. The names come from searchnames.js (_ext/formula_names.py),
 * a script and no request of data, so that the search works from a file too.
 */
globalThis.BookSearch = (() => {
  "use strict";

  const STOP = new Set("a an and by for from in is of on or the to with".split(" "));
  const GREEK = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", η: "eta", θ: "theta",
    κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", π: "pi", ρ: "rho", σ: "sigma", τ: "tau",
    ψ: "psi", ℓ: "ell",
  };
  const BY_KIND = { term: 1.2, formula: 1, section: 0.6, symbol: 0.2, code: 0 };
  let pages = [];
  let entries = [];

  /* ---- finding: no document is needed, so that the tests can run it ---- */

  /* Small letters, Greek ones spelled out, no accents and apostrophes, words apart by one space. */
  function normal(text) {
    return text
      .toLowerCase()
      .replace(/varepsilon/g, "epsilon")
      .replace(/[α-ωℓ]/g, (letter) => ` ${GREEK[letter] || letter} `)
      .normalize("NFD")
      .replace(/[\u0300-\u036f'’]/g, "")
      .replace(/iz(?=e|ation|ing)/g, "is")
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  }

  const singular = (word) =>
    word.length < 4 ? word : word.replace(/ies$/, "y").replace(/([^su])s$/, "$1");
  const wordsOf = (text) => normal(text).split(" ").filter(Boolean).map(singular);

  const bare = (text) => normal(text).replace(/^(?:the|an?) /, ""); // without its article

  function queryWords(query) {
    const all = wordsOf(query);
    const telling = all.filter((word) => !STOP.has(word));
    return telling.length ? telling : all;
  }

  function setNames(given) {
    pages = given.pages.map(([url, title]) => ({ url, title, words: wordsOf(title) }));
    entries = given.names.map(([kind, name, page, anchor, detail, others, more]) => ({
      kind,
      name,
      detail,
      page: pages[page],
      url: pages[page].url + (anchor ? `#${anchor}` : ""),
      plain: bare(name),
      others: others ? others.split("|").map(bare) : [],
      address: normal(detail),
      isPage: kind === "section" && !anchor,
      fields: [
        [wordsOf(name), 4],
        [kind === "formula" ? wordsOf(detail) : [], 3],
        [wordsOf(others), 3],
        [wordsOf(more), 2],
        [pages[page].words, 1],
      ],
    }));
  }

  /* How well one word of the query fits: in the best field, whole or as a beginning. */
  function worth(word, fields) {
    let best = 0;
    for (const [words, weight] of fields) {
      if (words.includes(word)) best = Math.max(best, weight);
      else if (words.some((other) => other.startsWith(word))) best = Math.max(best, 0.6 * weight);
    }
    return best;
  }

  /* What the whole query is to the name of an entry. */
  function likeness(entry, plain) {
    if (entry.address === plain) return 12;
    const same = entry.plain === plain || entry.others.includes(plain);
    if (entry.kind === "symbol") return same ? 5 : 0;
    if (same) return 8;
    let value = entry.isPage && ` ${entry.plain} `.includes(` ${plain} `) ? 2 : 0;
    if (entry.address.startsWith(`${plain} `)) value += 1.5; // a formula of that chapter
    if (entry.plain.startsWith(plain)) return value + 2.5;
    return ` ${entry.plain} `.includes(` ${plain} `) ? value + 2 : value;
  }

  function score(entry, words, plain) {
    let total = BY_KIND[entry.kind] + likeness(entry, plain) - 0.02 * entry.name.length;
    for (const word of words) {
      const value = worth(word, entry.fields);
      if (!value) return -Infinity;
      total += value;
    }
    return total;
  }

  /* The best entries for a query; every telling word must fit. */
  function find(query, most = 8) {
    const words = queryWords(query);
    const plain = bare(query);
    if (!words.length) return [];
    return entries
      .map((entry) => ({ entry, value: score(entry, words, plain) }))
      .filter((found) => found.value > -Infinity)
      .sort((one, other) => other.value - one.value)
      .slice(0, most)
      .map((found) => found.entry);
  }

  /* ---- showing ---- */

  const root = () => document.documentElement.dataset.content_root || "./";

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /* What a name is and where it lies, in small letters under it. */
  function caption(entry) {
    const address = entry.kind === "formula" ? `${entry.detail} · ` : "";
    const where = entry.page.title === entry.name ? "page" : entry.page.title;
    const kind = { code: entry.detail, section: "section", symbol: "symbol", term: "term" };
    return `${address || `${kind[entry.kind]} · `}${where}`;
  }

  function whenNamesAreThere(then) {
    if (entries.length) return then();
    const script = element("script", { src: `${root()}searchnames.js` });
    script.addEventListener("load", then);
    document.head.append(script);
  }

  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  /* ---- suggestions in the dialog ---- */

  function suggestIn(form) {
    const input = form.querySelector('input[name="q"]');
    const list = element("ul", {
      class: "search-suggestions", id: "search-suggestions", role: "listbox",
      "aria-label": "Suggestions", hidden: "",
    });
    const status = element("p", { class: "search-status", role: "status" });
    form.after(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id,
      "aria-expanded": "false",
    })) input.setAttribute(name, value);
    let chosen = -1;

    function choose(place) {
      const options = [...list.children];
      chosen = options.length ? (place + options.length + 1) % (options.length + 1) : -1;
      if (chosen === options.length) chosen = -1; // between the last and the first: the query
      options.forEach((option, at) => option.setAttribute("aria-selected", at === chosen));
      const option = options[chosen];
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
      option?.scrollIntoView({ block: "nearest" });
    }

    function optionFor(entry, place) {
      const name = element("span", { class: "search-name" }, entry.name);
      const small = element("span", { class: "search-caption" }, caption(entry));
      const option = element(
        "li", { id: `search-suggestion-${place}`, role: "option", "data-url": entry.url },
        name, small);
      option.addEventListener("click", () => go(option));
      return option;
    }

    function go(option) {
      location.href = root() + option.dataset.url;
      form.closest("dialog")?.close();
    }

    function update() {
      const found = find(input.value);
      list.replaceChildren(...found.map(optionFor));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      status.textContent = input.value.trim() ? counted(found.length, "suggestion") : "";
      choose(-1);
    }

    input.addEventListener("focus", () => whenNamesAreThere(update), { once: true });
    input.addEventListener("input", update);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        go(list.children[chosen]);
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      }
    });
  }

  /* ---- the search page: names first, then what Sphinx finds in the text ---- */

  function itemFor(entry) {
    const link = element("a", { href: root() + entry.url }, entry.name);
    // the words of the query are no help at the formula itself: nothing is highlighted there
    link.addEventListener("click", () => localStorage.removeItem("sphinx_highlight_terms"));
    return element("li", {}, link, element("span", { class: "search-caption" }, caption(entry)));
  }

  function listNames(results, found) {
    if (!found.length) return;
    const heading = element("h2", { id: "search-names" }, "By name");
    const part = element("section", { class: "search-by-name", "aria-labelledby": heading.id },
      heading, element("ul", {}, ...found.map(itemFor)));
    results.before(part, element("h2", {}, "In the text"));
  }

  /* Sphinx shows an entry of the index under its page's title: call it by its name, and once. */
  function nameResult(item, named) {
    const link = item.querySelector("a");
    const url = link.getAttribute("href");
    const entry = url.includes("#") && entries.find((one) => one.url === url);
    if (named.has(url)) item.remove();
    else if (entry && !link.textContent.includes(entry.name)) link.textContent = entry.name;
  }

  /* Follow Sphinx while it lists its results; say how many there are when it has finished. */
  function followText(status, results, found) {
    const named = new Set(found.map((entry) => entry.url));
    const report = () => {
      const items = results.querySelectorAll("ul.search > li");
      items.forEach((item) => nameResult(item, named));
      const done = results.querySelector(".search-summary")?.textContent;
      const places = counted(results.querySelectorAll("ul.search > li").length, "place");
      if (done) status.textContent = `${counted(found.length, "name")}, ${places} in the text`;
    };
    const watch = new MutationObserver(() => {
      watch.disconnect(); // its own changes are no news
      report();
      watch.observe(results, { childList: true, subtree: true });
    });
    report();
    watch.observe(results, { childList: true, subtree: true });
  }

  function showResults(results) {
    const query = new URLSearchParams(location.search).get("q") || "";
    const status = element("p", { class: "search-status", role: "status" });
    results.before(status);
    if (!query.trim()) return;
    document.title = `${query} – ${document.title}`;
    whenNamesAreThere(() => {
      const found = find(query, 12);
      listNames(results, found);
      followText(status, results, found);
    });
  }

  /* Highlights inside formulas would tear them apart, those in menus say nothing. */
  function tidyHighlights() {
    const wrong = ".katex .highlighted, nav .highlighted, aside .highlighted, .bd-header .highlighted";
    for (const mark of document.querySelectorAll(wrong)) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  }

  function start() {
    const dialogForm = document.querySelector("dialog form.bd-search");
    const results = document.getElementById("search-results");
    if (dialogForm) suggestIn(dialogForm);
    if (results) showResults(results);
    setTimeout(tidyHighlights, 30); // Sphinx sets its highlights 10 milliseconds after loading
  }

  if (typeof document !== "undefined") {
    // a page opened from disk may not fetch other pages for their summaries
    if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }
  return { find, normal, setNames };
})();
