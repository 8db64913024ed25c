/* A link to a place inside closed details, in a section that is not laid out yet: Chromium opens
   the details and then does not go there, or not quite (seen in version 156). So this does. */
(() => {
  "use strict";

  function land() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest("details")) return;
    for (let box = target; box; box = box.parentElement?.closest("details")) {
      if (box.localName === "details") box.open = true;
    }
    // The first lays out the sections around it, then it is known where it is.
    target.scrollIntoView();
    setTimeout(() => target.scrollIntoView(), 100);
  }

  // Not after "back" or "reload", where the browser returns to where one was.
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type === "navigate") addEventListener("load", land);
  addEventListener("hashchange", land);
})();
