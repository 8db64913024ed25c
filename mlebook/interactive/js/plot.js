// MLE.plot: pictures as SVG text, from numbers. No DOM, so that tests can draw too.
// Coordinates are those of the picture; colours and widths are classes of figure.css.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});

  const escape = (text) =>
    String(text).replace(/&/g, "&amp;").replace(/[<]/g, "&lt;").replace(/"/g, "&quot;");

  // A coordinate, to a tenth of a pixel. A figure never draws what is not a number.
  function fixed(value) {
    if (!Number.isFinite(value)) throw new Error("plot: a coordinate is " + value);
    return String(Math.round(value * 10) / 10 + 0);
  }

  function tag(name, attributes, content = "") {
    const written = Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) =>
        " " + key + '="' + (typeof value === "number" ? fixed(value) : escape(value)) + '"');
    return "<" + name + written.join("") + ">" + content + "<" + "/" + name + ">";
  }

  const text = (x, y, words, kind = "", anchor = "start") =>
    tag("text", { x, y, class: kind || undefined, "text-anchor": anchor }, escape(words));
  const line = (x1, y1, x2, y2, kind) => tag("line", { x1, y1, x2, y2, class: kind });
  const dot = (cx, cy, r, kind) => tag("circle", { cx, cy, r, class: kind });
  const box = (x, y, width, height, kind) => tag("rect", { x, y, width, height, class: kind });

  // A curve through points [[x, y], ...]; with a base line, the area down to it.
  function path(points, kind, base) {
    const steps = points.map(([x, y], i) => (i ? "L" : "M") + fixed(x) + " " + fixed(y));
    if (base !== undefined) {
      const [first, last] = [points[0][0], points[points.length - 1][0]];
      steps.push("L" + fixed(last) + " " + fixed(base), "L" + fixed(first) + " " + fixed(base), "Z");
    }
    return tag("path", { d: steps.join(""), class: kind });
  }

  // A linear scale from [a, b] onto pixels [p, q]; invert goes back and stays within [a, b].
  function scale([a, b], [p, q]) {
    const map = (value) => p + ((value - a) / (b - a)) * (q - p);
    map.invert = (pixel) =>
      Math.min(Math.max(a, b), Math.max(Math.min(a, b), a + ((pixel - p) / (q - p)) * (b - a)));
    map.from = [a, b];
    return map;
  }

  // Round numbers within [a, b], about as many as asked for: steps of 1, 2 or 5 times 10^k.
  function ticks([a, b], wanted) {
    const rough = (b - a) / wanted;
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
    const found = [];
    for (let k = Math.ceil(a / step - 1e-9); k * step <= b + 1e-9 * step; k += 1) {
      found.push(k * step);
    }
    return found;
  }

  const superscript = (integer) =>
    String(integer).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

  // A number for a reader: fixed digits, a power of ten where those would say nothing.
  function number(value, digits = 2) {
    if (value === Infinity || value === -Infinity) return value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    if (size > 0 && (size < 0.5 * Math.pow(10, -digits) || size >= 1e7)) {
      const [head, power] = value.toExponential(1).split("e");
      return head.replace("-", "−") + "·10" + superscript(Number(power));
    }
    const shown = value.toFixed(digits);
    return Number(shown) === 0 ? shown.replace("-", "") : shown.replace("-", "−");
  }

  // A tick's number as short as it can be.
  const short = (value) => String(Math.round(value * 1e6) / 1e6).replace("-", "−");

  // A panel with axes: {left, top, width, height} of its inside, the ranges xs and ys, and
  // optionally title, xlabel, xticks, yticks (how many, or the values), right (a second scale's
  // {ys, yticks}). inside(...) clips what is drawn to the panel.
  function panel(options) {
    const { left, top, width, height, xs, ys } = options;
    const [right, bottom] = [left + width, top + height];
    const x = scale(xs, [left, right]);
    const y = scale(ys, [bottom, top]);
    const inside = (...content) =>
      tag("svg", { x: left, y: top, width, height,
                   viewBox: [left, top, width, height].map(fixed).join(" ") }, content.join(""));
    const curve = (f, kind, count = 128, base) => {
      const points = [];
      for (let i = 0; i <= count; i += 1) {
        const at = xs[0] + ((xs[1] - xs[0]) * i) / count;
        // far outside the panel a curve may leave by any way: it is clipped
        const level = Math.max(top - 4 * height, Math.min(bottom + 4 * height, y(f(at))));
        points.push([x(at), level]);
      }
      return path(points, kind, base === undefined ? undefined : y(base));
    };
    return { ...options, x, y, right, bottom, inside, curve, axes: () => axes(options, x, y) };
  }

  const values = (range, wanted) => (Array.isArray(wanted) ? wanted : ticks(range, wanted));

  function axes(options, x, y) {
    const { left, top, width, height, xs, ys, title, xlabel, xticks = 5, yticks = 4 } = options;
    const [right, bottom] = [left + width, top + height];
    const parts = [line(left, bottom, right, bottom, "axis")];
    if (title) parts.push(text(left, top - 8, title, "title"));
    if (xlabel) parts.push(text(left + width / 2, bottom + 32, xlabel, "", "middle"));
    for (const value of values(xs, xticks)) {
      parts.push(line(x(value), bottom, x(value), bottom + 4, "axis"),
                 text(x(value), bottom + 17, short(value), "tick", "middle"));
    }
    parts.push(...side(left, -1, y, values(ys, yticks), [top, bottom]));
    if (options.second) {
      const other = scale(options.second.ys, [bottom, top]);
      const shown = values(options.second.ys, options.second.yticks || 4);
      parts.push(...side(right, 1, other, shown, [top, bottom]));
    }
    return parts.join("");
  }

  // A vertical axis with its ticks on the left (-1) or on the right (1) of a panel.
  function side(at, direction, y, shown, [top, bottom]) {
    const anchor = direction < 0 ? "end" : "start";
    return [line(at, top, at, bottom, "axis")].concat(shown.map((value) =>
      line(at, y(value), at + 4 * direction, y(value), "axis") +
      text(at + 7 * direction, y(value) + 4, short(value), "tick", anchor)));
  }

  // A row of samples of lines with their names: [[name, kind], ...] at the given places.
  const legend = (x, y, entries, apart) =>
    entries.map(([name, kind], i) => {
      const at = x + i * apart;
      return line(at, y - 4, at + 24, y - 4, kind) + text(at + 30, y, name);
    }).join("");

  MLE.plot = { escape, fixed, tag, text, line, dot, box, path, scale, ticks, number, short, panel,
               legend };
})();
