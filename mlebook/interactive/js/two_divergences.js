// MLE.figures.two_divergences: one Gaussian q against a mixture p of two bumps, judged by KL(p‖q)
// and by KL(q‖p). data: {weights, means, scales} of the penguins' two bumps.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const { formulas, plot } = MLE;
  const { number } = plot;
  const RATIOS = [6, 19]; // flipper length / bill depth: the axis
  const MEANS = [7, 18];
  const SCALES = [0.3, 4];
  const LONGEST = 3; // nats that the bars show
  // The panels of costs grow from one of these heights to the next.
  const HEIGHTS = [0.5, 1, 1.5, 2, 3, 5, 10, 20, 50, 100, 200, 500];

  // The two bumps, moved apart or together about their middle.
  function mixture({ stretch }, { weights, means, scales }) {
    const middle = (means[0] + means[1]) / 2;
    return { weights, scales, means: means.map((mean) => middle + stretch * (mean - middle)) };
  }

  // A function that remembers its last answer: each is asked for several times a picture.
  function remembered(f) {
    let last = {};
    return (...values) => {
      const key = JSON.stringify(values);
      if (last.key !== key) last = { key, answer: f(...values) };
      return last.answer;
    };
  }

  // The lowest values that the two divergences reach.
  const lowest = remembered((p) => {
    const all = formulas.forwardFit(p);
    const starts = [all, ...p.means.map((mean, k) => ({ mean, scale: p.scales[k] }))];
    const dips = starts.map((start) => formulas.reverseKl(p, formulas.reverseFit(p, start)));
    return { forward: formulas.forwardKl(p, all), reverse: Math.min(...dips) };
  });

  const totals = remembered((p, q) =>
    ({ forward: formulas.forwardKl(p, q), reverse: formulas.reverseKl(p, q) }));

  // The two laws, and for each order of them the cost at every place and in all.
  function judge(state, data) {
    const p = mixture(state, data);
    const total = totals(p, { mean: state.mean, scale: state.scale });
    const logP = (x) => formulas.mixtureLog(x, p);
    const logQ = (x) => formulas.gaussianLog(x, state.mean, state.scale);
    const cost = (a, b) => (x) => Math.exp(a(x)) * (a(x) - b(x));
    return {
      p: (x) => Math.exp(logP(x)), q: (x) => Math.exp(logQ(x)),
      forward: { name: "KL(p‖q)", rule: "p · log(p/q)", color: "blue", cost: cost(logP, logQ),
                 total: total.forward, least: lowest(p).forward },
      reverse: { name: "KL(q‖p)", rule: "q · log(q/p)", color: "vermilion",
                 cost: cost(logQ, logP), total: total.reverse, least: lowest(p).reverse },
    };
  }

  // The highest cost of both orders on a grid over the axis: they share one scale.
  function highestCost({ forward, reverse }) {
    let most = 0;
    for (let x = RATIOS[0]; x <= RATIOS[1]; x += 0.1) {
      most = Math.max(most, forward.cost(x), reverse.cost(x));
    }
    return HEIGHTS.find((height) => height >= most) || HEIGHTS[HEIGHTS.length - 1];
  }

  const lawsPanel = ({ scale }, narrow) => plot.panel({
    left: 44, top: 44, width: narrow ? 272 : 660, height: 118, xs: RATIOS,
    ys: [0, scale > 0.6 ? 0.7 : 1.4], yticks: 2, xticks: [6, 8, 10, 12, 14, 16, 18],
    xlabel: "flipper length / bill depth",
  });

  // The panel of one order, the first or the second.
  function costPanel(height, order, narrow) {
    const i = order === "forward" ? 0 : 1;
    const place = narrow ? { left: 44, top: 252 + 148 * i, width: 272 }
                         : { left: 44 + 354 * i, top: 252, width: 306 };
    return plot.panel({ ...place, height: 90, xs: RATIOS, ys: [-0.4 * height, height],
                        xticks: [8, 12, 16], yticks: [0, height / 2, height] });
  }

  function drawLaws(panel, { p, q }, { stretch }) {
    const names = [[stretch === 1 ? "p, the penguins" : "p, moved bumps", "line black dotted"],
                   ["q, yours", "line green strong"]];
    return panel.axes() + plot.legend(panel.left, 24, names, 150) +
      panel.inside(panel.curve(p, "fill grey pale", 120, 0),
                   panel.curve(p, "line black dotted", 120),
                   panel.curve(q, "line green strong", 120));
  }

  function drawCost(panel, { name, rule, cost, color }) {
    const zero = plot.line(panel.left, panel.y(0), panel.right, panel.y(0), "axis");
    return panel.axes() +
      plot.text(panel.left, panel.top - 10, rule + ": its area is " + name) +
      panel.inside(zero, panel.curve(cost, "fill pale " + color, 120, 0),
                   panel.curve(cost, "line thin " + color, 120));
  }

  // A bar as long as the divergence; the tick is the least that any Gaussian reaches.
  function drawBar({ name, total, least, color }, i, narrow) {
    const [left, width] = narrow ? [108, 150] : [108, 480];
    const top = (narrow ? 540 : 386) + 34 * i;
    const long = (nats) => (width * Math.min(nats, LONGEST)) / LONGEST;
    const tick = left + long(least);
    return plot.text(left - 8, top + 14, name, "strong-text", "end") +
      plot.box(left, top, Math.max(1, long(total)), 20, "fill half " + color) +
      plot.line(tick, top - 5, tick, top + 25, "line strong black") +
      plot.text(left + long(total) + 8, top + 15,
                (total > LONGEST ? "→ " : "") + number(total, 3) + " nats");
  }

  function draw(state, data, narrow) {
    const judged = judge(state, data);
    const height = highestCost(judged);
    const orders = ["forward", "reverse"];
    return drawLaws(lawsPanel(state, narrow), judged, state) +
      orders.map((order) => drawCost(costPanel(height, order, narrow), judged[order])).join("") +
      orders.map((order, i) => drawBar(judged[order], i, narrow)).join("");
  }

  function describe(state, data) {
    const { forward, reverse } = judge(state, data);
    const said = ({ name, total, least }) =>
      name + " = " + number(total, 3) + " nats (least possible " + number(least, 3) + ")";
    return "q with mean " + number(state.mean) + " and scale " + number(state.scale) + ": " +
      said(forward) + ", " + said(reverse) + ". " +
      verdict(forward, reverse, formulas.reverseSlopes(mixture(state, data), state));
  }

  // A place without slope is a dip of KL(q‖p), but perhaps not the lowest.
  function verdict(forward, reverse, { m, l }) {
    const best = ({ total, least }) => total - least < 0.0005;
    const level = Math.abs(m) < 1e-6 && Math.abs(l) < 1e-6;
    if (best(forward) && best(reverse)) return "To three digits, both are as small as they can be.";
    if (best(forward)) return "Best by KL(p‖q): mean and scale are those of p.";
    if (best(reverse)) return "Best by KL(q‖p).";
    return level ? "A dip of KL(q‖p), but not its lowest." : "Neither is as small as it can be.";
  }

  // ---- what moves it -------------------------------------------------------------------

  const within = (value, [low, high]) => Math.min(high, Math.max(low, value));
  const move = (state, { mean, scale }) =>
    ({ ...state, mean: within(mean, MEANS), scale: within(scale, SCALES) });

  const controls = [
    { name: "mean", kind: "range", label: "mean of q", min: MEANS[0], max: MEANS[1], step: 0.05,
      show: (state) => number(state.mean) },
    { name: "scale", kind: "range", label: "scale of q", min: SCALES[0], max: SCALES[1], step: 0.05,
      show: (state) => number(state.scale) },
    { name: "stretch", kind: "range", label: "distance of the bumps (penguins: 1)",
      min: 0, max: 1.75, step: 0.05, show: (state) => number(state.stretch) },
    { name: "forward", kind: "button", label: "Best by KL(p‖q)",
      press: (state, data) => move(state, formulas.forwardFit(mixture(state, data))) },
    { name: "reverse", kind: "button", label: "Downhill by KL(q‖p)",
      press: (state, data) => move(state, formulas.reverseFit(mixture(state, data), state)) },
  ];

  // One holds q at its top, and at one scale to the right of it, where it is e^(-1/2) as high.
  function handles(state, data, narrow) {
    const { x, y, ys, right } = lawsPanel(state, narrow);
    const peak = Math.min(ys[1], Math.exp(formulas.gaussianLog(0, 0, state.scale)));
    return [
      { name: "mean", x: x(state.mean), y: y(peak) },
      { name: "scale", x: Math.min(right, x(state.mean + state.scale)),
        y: y(peak * Math.exp(-0.5)) },
    ];
  }

  function drag(state, name, x, y, data, narrow) {
    const place = Math.round(lawsPanel(state, narrow).x.invert(x) * 20) / 20;
    const next = name === "mean" ? { mean: place } : { scale: place - state.mean };
    return move(state, { ...state, ...next });
  }

  MLE.figures = Object.assign(MLE.figures || {}, {
    two_divergences: {
      title: "One Gaussian on a mixture of two bumps, judged by two divergences",
      size: { wide: [720, 452], narrow: [330, 608] },
      start: { mean: 12, scale: 1.2, stretch: 1 },
      controls, draw, describe, handles, drag,
    },
  });
})();
