/* The meaning of a linked term, beside the link: by mouse, by keyboard, by touch.
 *
 * The notes stand hidden at the end of the page (see _ext/glossary_links.py). A note stays while the
 * mouse is on the link or on the note, or the focus on the link; Escape closes it. A finger cannot
 * hover: its tap opens the note instead of following the link, and the note holds the way on.
 */
(() => {
  "use strict";

  const GAP = 6; // pixels between the link and its note
  const PATIENCE = 250; // milliseconds in which the mouse may cross that gap
  let open = null; // the note that is shown
  let closing = 0;

  const noteOf = (link) =>
    document.getElementById(link.getAttribute("aria-describedby")).parentElement;

  function close() {
    clearTimeout(closing);
    if (open) open.hidden = true;
    open = null;
  }

  function closeSoon() {
    clearTimeout(closing);
    closing = setTimeout(close, PATIENCE);
  }

  /* Under the line of the link, over it where the window ends, never beyond the text's sides. */
  function place(note, link) {
    const line = link.getClientRects()[0];
    const frame = note.offsetParent.getBoundingClientRect();
    const size = note.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(line.left, width - size.width - 8));
    const below = line.bottom + GAP;
    const fits = below + size.height < window.innerHeight || line.top < size.height + GAP;
    const top = fits ? below : line.top - GAP - size.height;
    note.style.left = `${left - frame.left}px`;
    note.style.top = `${top - frame.top}px`;
  }

  function show(link) {
    const note = noteOf(link);
    clearTimeout(closing);
    if (open === note) return;
    close();
    note.hidden = false;
    place(note, link);
    open = note;
  }

  function connect(link) {
    let finger = false;
    link.addEventListener("pointerdown", (event) => (finger = event.pointerType !== "mouse"));
    link.addEventListener("keydown", () => (finger = false));
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") show(link);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") closeSoon();
    });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", closeSoon);
    link.addEventListener("click", (event) => {
      if (!finger) return;
      event.preventDefault();
      show(link);
    });
    const note = noteOf(link);
    note.addEventListener("pointerenter", () => clearTimeout(closing));
    note.addEventListener("focusin", () => clearTimeout(closing));
    note.addEventListener("focusout", closeSoon);
    note.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") closeSoon();
    });
  }

  function start() {
    document.querySelectorAll("a.glossary-link").forEach(connect);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
    document.addEventListener("pointerdown", (event) => {
      const here = event.target.closest(".glossary-note, a.glossary-link");
      if (!here) close();
    });
    window.addEventListener("resize", close); // its place was that of another width
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
