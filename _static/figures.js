// The scripts of interactive figures come when the page is done: one reads before one plays.
(() => {
  "use strict";

  function load() {
    for (const place of document.querySelectorAll("script[data-figure]")) {
      document.head.append(Object.assign(document.createElement("script"),
                                         { src: place.dataset.figure }));
    }
  }

  const later = globalThis.requestIdleCallback || setTimeout;  // Safari has no idle callback
  addEventListener("load", () => later(load));
})();
