// MLE.figures.galton_sweep: one parameter, the slope of Galton's line, swept; its likelihood, NLL
// and mean squared error. data: {rows: [[x, y, count], ...], children: [[x, y], ...]}.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const { formulas, plot } = MLE;
  const { number } = plot;
  const SLOPES = [0, 1.3];
  const ERRORS = [4.8, 6.6]; // mean squared error in square inches that the panel shows
  const END = 73.5; // mid-parent height at which one holds the line

  function panels(state, data, narrow) {
    const inch = narrow ? 17 : 20; // pixels, the same both ways: squares are squares
    const cloud = plot.panel({
      left: narrow ? 70 : 36, top: 28, width: 11 * inch, height: 14 * inch, xs: [63, 74],
      ys: [61, 75], xticks: [64, 66, 68, 70, 72, 74], title: "child height (in)",
      xlabel: "mid-parent height (in)",
    });
    const common = narrow ? { left: 48, width: 236 } : { left: 334, width: 324 };
    const [first, second, height] = narrow ? [332, 478, 100] : [28, 188, 120];
    const m = formulas.moments(data.rows);
    const nats = (error) => formulas.gaussianNll(error * m.n, m.n, state.scale);
    return {
      cloud, m,
      likelihood: plot.panel({ ...common, top: first, height, xs: SLOPES, ys: [0, 1.08],
                               yticks: [0, 0.5, 1], title: "likelihood ÷ its maximum" }),
      loss: plot.panel({ ...common, top: second, height, xs: SLOPES, ys: ERRORS.map(nats),
                         second: { ys: ERRORS, yticks: [5, 5.5, 6, 6.5] },
                         title: "NLL (nats), solid", xlabel: "slope b" }),
    };
  }

  // What a slope leads to. The line always passes through the means.
  function at(slope, m, scale) {
    const squares = formulas.squaredError(m, slope);
    const nll = formulas.gaussianNll(squares, m.n, scale);
    const least = formulas.gaussianNll(formulas.squaredError(m, formulas.bestSlope(m)), m.n, scale);
    return { error: squares / m.n, nll, excess: nll - least, ratio: Math.exp(least - nll) };
  }

  const predicted = (m, slope, x) => m.y + slope * (x - m.x);

  function drawCloud({ cloud, m }, state, data) {
    const { x, y } = cloud;
    const discs = data.rows.map(([a, b, count]) =>
      plot.dot(x(a), y(b), 1.3 * Math.sqrt(count), "fill half blue"));
    const chosen = state.squares === "children" ? data.children : formulas.classMeans(data.rows);
    const squares = chosen.map(([a, b]) => square(cloud, a, b, predicted(m, state.slope, a)));
    const ends = [63, 74].map((a) => [x(a), y(predicted(m, state.slope, a))]);
    return cloud.axes() + cloud.inside(...discs, ...squares, plot.path(ends, "line vermilion strong"),
      ...chosen.map(([a, b]) => plot.dot(x(a), y(b), 3.2, "fill black")));
  }

  // The square on a residual, open towards the middle of the panel.
  function square({ x, y, xs }, a, b, level) {
    const side = Math.abs(y(b) - y(level));
    const left = a < (xs[0] + xs[1]) / 2 ? x(a) : x(a) - side;
    return plot.box(left, Math.min(y(b), y(level)), side, side, "square");
  }

  function drawLoss({ loss, m }, state) {
    const nll = (slope) => at(slope, m, state.scale).nll;
    return loss.axes() + plot.text(loss.right + 40, loss.top - 8, "MSE (in²), dashed", "", "end") +
      loss.inside(best(loss, m), now(loss, state), loss.curve(nll, "line blue strong"),
                  loss.curve(nll, "line orange dashed"));
  }

  function drawLikelihood({ likelihood, m }, state) {
    const ratio = (slope) => at(slope, m, state.scale).ratio;
    const label = (likelihood.width < 300 ? "best " : "best slope ") +
      number(formulas.bestSlope(m), 3);
    return likelihood.axes() +
      likelihood.inside(best(likelihood, m), now(likelihood, state),
                        likelihood.curve(ratio, "line blue strong", 260)) +
      plot.text(likelihood.x(formulas.bestSlope(m)) - 24, likelihood.top + 14, label, "", "end") +
      plot.dot(likelihood.x(state.slope), likelihood.y(ratio(state.slope)), 5, "mark");
  }

  const upright = (panel, slope, kind) =>
    plot.line(panel.x(slope), panel.top, panel.x(slope), panel.bottom, kind);
  const best = (panel, m) => upright(panel, formulas.bestSlope(m), "guide");
  const now = (panel, state) => upright(panel, state.slope, "line thin vermilion");

  function draw(state, data, narrow) {
    const all = panels(state, data, narrow);
    return drawCloud(all, state, data) + drawLikelihood(all, state) + drawLoss(all, state);
  }

  function describe(state, data) {
    const m = formulas.moments(data.rows);
    const { error, nll, excess, ratio } = at(state.slope, m, state.scale);
    return "Slope " + number(state.slope) + " in per in: mean squared error " + number(error, 3) +
      " in², NLL " + number(nll, 1) + " nats, " + number(excess, 1) +
      " above the least. The likelihood is " + number(ratio, 3) + " of its maximum, itself about 10 " +
      "to the power " + number((excess - nll) / Math.LN10, 0) + ". " + squaresInWords(state, data, m);
  }

  function squaresInWords(state, data, m) {
    if (state.squares === "children") {
      return "The squares are those of " + data.children.length + " of the " + m.n + " children.";
    }
    const means = formulas.classMeans(data.rows);
    const misfit = means.reduce((sum, [a, b, count]) =>
      sum + count * (b - predicted(m, state.slope, a)) ** 2, 0) / m.n;
    const rest = formulas.squaredError(m, state.slope) / m.n - misfit;
    return "The squares on the means, each times its number of children, make " +
      number(misfit, 3) + " in² of it; the other " + number(rest, 3) +
      " in² are spread within the classes, which no line changes.";
  }

  const controls = [
    { name: "slope", kind: "range", label: "slope b", min: SLOPES[0], max: SLOPES[1], step: 0.01,
      show: (state) => number(state.slope) + " in per in" },
    { name: "scale", kind: "range", label: "scale σ of the noise, held fixed", min: 1, max: 5,
      step: 0.01, show: (state) => number(state.scale) + " in" },
    { name: "squares", kind: "choice", label: "Squares on",
      choices: [["children", "single children"], ["means", "the means of the classes"]] },
  ];

  // One holds the line at its right end, or the point on the curve of the loss.
  function handles(state, data, narrow) {
    const { cloud, loss, m } = panels(state, data, narrow);
    const { nll } = at(state.slope, m, state.scale);
    return [
      { name: "line", x: cloud.x(END), y: cloud.y(predicted(m, state.slope, END)) },
      { name: "loss", x: loss.x(state.slope), y: loss.y(nll) },
    ];
  }

  function drag(state, name, x, y, data, narrow) {
    const { cloud, loss, m } = panels(state, data, narrow);
    const slope = name === "line" ? (cloud.y.invert(y) - m.y) / (END - m.x) : loss.x.invert(x);
    const held = Math.min(SLOPES[1], Math.max(SLOPES[0], slope));
    return { ...state, slope: Math.round(held * 100) / 100 };
  }

  MLE.figures = Object.assign(MLE.figures || {}, {
    galton_sweep: {
      title: "One slope, swept: likelihood, negative log-likelihood and squared error",
      size: { wide: [720, 350], narrow: [330, 630] },
      start: { slope: 1, scale: 2.24, squares: "children" },
      controls, draw, describe, handles, drag,
    },
  });
})();
