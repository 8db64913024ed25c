/* What the search shows of a page it found: its text. Sphinx itself takes everything around the
 * text too, each formula twice, and stumbles over the dots in the addresses of formulas. */
(() => {
  "use strict";

  const LEFT_OUT = ".headerlink, script, style, .run-page, .leads, .katex-html, .mle-figure, "
    + ".proof-address, .glossary-notes, nav";
  const ENDS = "p, li, dt, dd, td, th, pre, h1, h2, h3, h4, summary, figcaption, .proof-title";

  /* The text of the place with this anchor ("#address"), or of the whole page. */
  function textOf(html, anchor) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const article = page.querySelector("article.bd-article");
    if (!article) return "";
    const place = (anchor && page.getElementById(anchor.slice(1))) || article;
    for (const part of place.querySelectorAll(LEFT_OUT)) part.remove();
    for (const block of place.querySelectorAll(ENDS)) block.append(" ");
    return place.textContent.replace(/\s+/g, " ");
  }

  // Search is Sphinx's, on the page of the search alone; its own handler comes after this one.
  document.addEventListener("DOMContentLoaded", () => {
    if (typeof Search !== "undefined") Search.htmlToText = textOf;
  });
})();
