/* A link to a place inside closed details, in a section that is not laid out yet: Chromium opens
   the details and then does not go there (seen in version 156). So this does. */
(() => {
  "use strict";

  function land() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest("details")) return;
    for (let box = target; box; box = box.parentElement?.closest("details")) {
      if (box.localName === "details") box.open = true;
    }
    target.scrollIntoView();
  }

  // Not after "back" or "reload", where the browser returns to where one was.
  addEventListener("load", () => { if (scrollY === 0) land(); });
  addEventListener("hashchange", land);
})();
