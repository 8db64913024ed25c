// MLE.mount(slug, data): brings to life every still of a figure that is on the page.
// The only code that touches the document. What it expects of a figure stands in figure.py.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const WIDE = 600; // pixels of room from which a figure is drawn in its wide layout

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // One figure on the page: its state, and what shows it.
  function start(host, figure, data) {
    MLE.mounted = (MLE.mounted || 0) + 1;
    const view = { host, figure, data, id: "mle-" + MLE.mounted, narrow: false, controls: [] };
    view.state = { ...figure.start };
    view.stage = element("div", { className: "mle-stage" });
    view.says = element("p", { className: "mle-says", id: view.id + "-says" });
    view.says.setAttribute("aria-live", "polite");
    const panel = element("div", { className: "mle-controls" });
    panel.append(...figure.controls.map((control) => build(view, control)), reset(view));
    // It has no height, so what is drawn below cannot change its size: only the room does.
    const ruler = element("div");
    host.querySelector("img").replaceWith(ruler, view.stage, panel, view.says);
    quiet(host);
    frame(view);
    view.controls.forEach((refresh) => refresh());
    new ResizeObserver(() => look(view)).observe(ruler);
    addEventListener("beforeprint", () => look(view));
  }

  // Draws the picture for the room that there is. The first time is when the browser first lays out
  // this part of the page, and before it shows it: all at once would keep a phone busy at the start.
  function look(view) {
    const width = view.host.clientWidth;
    const narrow = width < WIDE;
    if (!width || (narrow === view.narrow && view.picture.firstChild)) return;
    if (narrow !== view.narrow) {
      view.narrow = narrow;
      frame(view);
    }
    update(view);
  }

  // Notebook programs listen for keys and would move from cell to cell while one moves a slider.
  // Shortcuts with Ctrl and the like, Escape and Tab stay theirs.
  function quiet(host) {
    host.setAttribute("data-lm-suppress-shortcuts", "true");
    host.addEventListener("keydown", (event) => {
      const shortcut = event.ctrlKey || event.metaKey || event.altKey;
      if (!shortcut && !["Escape", "Tab"].includes(event.key)) event.stopPropagation();
    });
  }

  function set(view, state) {
    view.state = state;
    update(view);
  }

  function change(view, name, value) {
    const { figure, state } = view;
    set(view, figure.change ? figure.change(state, name, value, view.data)
                            : { ...state, [name]: value });
  }

  // ---- controls ------------------------------------------------------------------------

  function build(view, control) {
    return { range, choice, check, button }[control.kind](view, control);
  }

  // Keeps what a control shows equal to the state.
  const follow = (view, refresh) => view.controls.push(refresh);

  function range(view, control) {
    const { name, label, min, max, step } = control;
    const input = element("input", { type: "range", id: view.id + "-" + name });
    Object.assign(input, { min, max, step });
    const output = element("output");
    output.setAttribute("for", input.id);
    input.addEventListener("input", () => change(view, name, Number(input.value)));
    follow(view, () => {
      input.value = view.state[name];
      output.value = control.show(view.state);
      input.setAttribute("aria-valuetext", control.show(view.state));
    });
    const words = element("label", { htmlFor: input.id }, label);
    return element("div", { className: "mle-range" }, words, input, output);
  }

  function choice(view, control) {
    const { name, label, choices } = control;
    const set = element("fieldset", { className: "mle-choice" }, element("legend", {}, label));
    for (const [value, words] of choices) {
      const input = element("input", { type: "radio", name: view.id + "-" + name, value });
      input.addEventListener("change", () => change(view, name, value));
      follow(view, () => { input.checked = view.state[name] === value; });
      set.append(element("label", {}, input, words));
    }
    return set;
  }

  function check(view, { name, label }) {
    const input = element("input", { type: "checkbox" });
    input.addEventListener("change", () => change(view, name, input.checked));
    follow(view, () => { input.checked = view.state[name]; });
    return element("label", { className: "mle-check" }, input, label);
  }

  function button(view, { label, press, enabled }) {
    const made = element("button", { type: "button" }, label);
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") !== "true") set(view, press(view.state, view.data));
    });
    // not "disabled": a button that is pressed by keyboard must not lose the focus
    follow(view, () => made.setAttribute("aria-disabled",
                                         String(!!enabled && !enabled(view.state, view.data))));
    return made;
  }

  const reset = (view) =>
    button(view, { label: "Start again", press: () => ({ ...view.figure.start }) });

  // ---- the picture ---------------------------------------------------------------------

  // Puts in an empty picture of the present layout, and its handles, which live on.
  function frame(view) {
    const { tag } = MLE.plot;
    const [width, height] = view.figure.size[view.narrow ? "narrow" : "wide"];
    view.size = [width, height];
    const handles = view.figure.handles ? view.figure.handles(view.state, view.data, view.narrow) : [];
    view.stage.innerHTML = tag("svg", {
      viewBox: "0 0 " + width + " " + height, role: "group", "aria-label": view.figure.title,
      "aria-describedby": view.says.id,
    }, tag("g", { role: "img" }) +
       tag("g", {}, handles.map(handleMarkup).join("")));
    const svg = view.stage.firstChild;
    [view.picture, view.grips] = svg.children;
    [...view.grips.children].forEach((grip, i) => hold(view, svg, grip, handles[i].name));
  }

  // A handle with a label can be reached by keyboard; one without repeats a native control.
  function handleMarkup({ label, name }) {
    const role = label ? { role: "slider", tabindex: "0", "aria-label": label }
                       : { "aria-hidden": "true" };
    return MLE.plot.tag("g", { class: "mle-handle", "data-name": name, ...role },
                        MLE.plot.dot(0, 0, 24, "grip") + MLE.plot.dot(0, 0, 7, "knob"));
  }

  function update(view) {
    const { figure, state, data, narrow } = view;
    view.picture.innerHTML = figure.draw(state, data, narrow);
    const handles = figure.handles ? figure.handles(state, data, narrow) : [];
    handles.forEach((handle, i) => place(view.grips.children[i], handle));
    view.controls.forEach((refresh) => refresh());
    view.says.textContent = figure.describe(state, data);
    view.picture.setAttribute("aria-label", figure.title + ". " + view.says.textContent);
  }

  function place(grip, { x, y, label, value, min, max, show }) {
    const { fixed } = MLE.plot;
    grip.setAttribute("transform", "translate(" + fixed(x) + " " + fixed(y) + ")");
    if (!label) return;
    grip.setAttribute("aria-valuemin", min);
    grip.setAttribute("aria-valuemax", max);
    grip.setAttribute("aria-valuenow", value);
    grip.setAttribute("aria-valuetext", show);
  }

  const current = (view, name) =>
    view.figure.handles(view.state, view.data, view.narrow).find((handle) => handle.name === name);

  // Dragging by mouse, pen or finger, and the keys of a slider.
  function hold(view, svg, grip, name) {
    let offset = null; // from the pointer to the handle, so that it does not jump
    const at = (event) => {
      const frame = svg.getBoundingClientRect();
      return [((event.clientX - frame.left) / frame.width) * view.size[0],
              ((event.clientY - frame.top) / frame.height) * view.size[1]];
    };
    grip.addEventListener("pointerdown", (event) => {
      const [x, y] = at(event);
      const handle = current(view, name);
      offset = [handle.x - x, handle.y - y];
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener("pointermove", (event) => {
      if (!offset) return;
      const [x, y] = at(event);
      const { figure, state, data, narrow } = view;
      set(view, figure.drag(state, name, x + offset[0], y + offset[1], data, narrow));
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      grip.addEventListener(kind, () => { offset = null; });
    }
    grip.addEventListener("keydown", (event) => {
      const value = stepped(current(view, name), event.key);
      if (value === undefined) return;
      event.preventDefault();
      change(view, name, value);
    });
  }

  // The value that a key of a slider leads to, or undefined for another key.
  function stepped({ label, value, min, max, step }, key) {
    if (!label) return undefined;
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1,
                    PageUp: 10, PageDown: -10 };
    if (key === "Home") return min;
    if (key === "End") return max;
    if (!(key in steps)) return undefined;
    // counted in steps, so that 0.1 + 0.2 stays 0.3
    const count = Math.round(value / step) + steps[key];
    return Math.min(max, Math.max(min, Number((count * step).toFixed(6))));
  }

  // Each in a task of its own, so that a phone can answer its reader in between.
  MLE.mount = (slug, data) => {
    const stills = 'figure.mle-figure[data-figure="' + slug + '"]:not([data-live])';
    for (const host of document.querySelectorAll(stills)) {
      host.dataset.live = "";
      setTimeout(() => start(host, MLE.figures[slug], data));
    }
  };
})();
