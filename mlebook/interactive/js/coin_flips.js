// MLE.figures.coin_flips: the likelihood of a coin and its -log, as the flips come in.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const { formulas, plot } = MLE;
  const { number } = plot;
  const MOST = 2000; // flips
  const CHANCE = 0.7; // of heads, for the flips that the figure makes itself
  const SHOWN = 20; // so many of the last flips are written out

  const count = ({ heads, tails }) => heads + tails;
  const nll = (theta, { heads, tails }) => formulas.coinNll(theta, heads, tails);
  // Before the first flip every theta is as likely; then 1/2 stands for all of them.
  const best = ({ heads, tails }) => formulas.coinEstimate(heads, tails) ?? 0.5;
  const least = (state) => nll(best(state), state);
  // The height of the likelihood as a share of its maximum, from the logs: it never underflows.
  const share = (theta, state) => Math.exp(least(state) - nll(theta, state));
  const likelihood = (theta, { heads, tails }) => formulas.coinLikelihood(theta, heads, tails);
  // A likelihood in words, from its NLL: it is 0 only where that is infinite, however small.
  function size(nats, digits) {
    if (nats === Infinity) return "0";
    return nats < 700 ? number(Math.exp(-nats), digits)
      : "about 10 to the power " + number(-nats / Math.LN10, 0);
  }

  const vanished = (state) => likelihood(best(state), state) === 0;

  function panels(state, narrow) {
    const common = { width: narrow ? 242 : 258, height: narrow ? 150 : 190, xs: [0, 1],
                     xticks: [0, 0.25, 0.5, 0.75, 1], xlabel: "candidate θ for heads" };
    const top = Math.max(least(state) + 5, 1.6 * least(state));
    return {
      hill: plot.panel({ ...common, left: narrow ? 62 : 72, top: 62, ys: [0, 1.2], yticks: [0],
                         title: "likelihood L(θ)" }),
      cost: plot.panel({ ...common, left: narrow ? 62 : 430, top: narrow ? 296 : 62,
                         ys: [0, top], title: "NLL, −log L(θ), in nats" }),
    };
  }

  // Candidates close enough together to draw with: dense at both ends, where the NLL is steep,
  // and around the maximum, which becomes narrow.
  function candidates(state) {
    const [low, high] = formulas.coinHalfHeight(state.heads, state.tails);
    const found = [];
    for (let i = 0; i <= 60; i += 1) {
      const near = best(state) + (high - low) * (i / 15 - 2);
      found.push((1 - Math.cos((Math.PI * i) / 60)) / 2);
      if (near > 0 && near < 1) found.push(near);
    }
    return found.sort((a, b) => a - b);
  }

  const curve = (panel, f, state, kind) => plot.path(
    candidates(state).map((theta) =>
      [panel.x(theta), panel.y(Math.min(f(theta), 2 * panel.ys[1]))]), kind);

  // A point of a panel's curve at theta; where the curve is above the panel, its upper edge.
  const on = (panel, theta, level) => [panel.x(theta), panel.y(Math.min(level, panel.ys[1]))];

  const upright = (panel, theta, kind) =>
    plot.line(panel.x(theta), panel.top, panel.x(theta), panel.bottom, kind);

  const bestAndCandidate = (panel, state) =>
    upright(panel, state.theta, "line thin vermilion") +
    (count(state) ? upright(panel, best(state), "guide") : "");

  function drawHill(panel, state) {
    const [low, high] = formulas.coinHalfHeight(state.heads, state.tails);
    const half = panel.y(0.5);
    const { x, left, inside } = panel;
    const kind = vanished(state) ? "line thin grey dotted" : "line blue strong";
    const bracket = [x(low), x(high)].map((at) => plot.line(at, half - 5, at, half + 5, "axis"))
      .concat(plot.line(x(low), half, x(high), half, "axis"));
    const highest = vanished(state) ? "0" : number(likelihood(best(state), state), 3);
    return panel.axes() + plot.text(left - 7, panel.y(1) + 4, highest, "tick", "end") +
      plot.line(left - 4, panel.y(1), left, panel.y(1), "axis") +
      inside(bestAndCandidate(panel, state),
             curve(panel, (theta) => share(theta, state), state, kind),
             ...(count(state) ? bracket : []),
             vanished(state) ? plot.line(left, panel.y(0), panel.right, panel.y(0),
                                         "line blue strong") : "") +
      estimateLabel(panel, state);
  }

  function estimateLabel(panel, state) {
    const words = count(state) === 0 ? "level" : vanished(state) ? "0 for the computer"
      : "best: heads/n = " + number(best(state), 3);
    return plot.text(panel.right + 8, panel.top - 8, words, "", "end");
  }

  function drawCost(panel, state) {
    const endless = (theta, x, anchor) => (nll(theta, state) === Infinity
      ? plot.text(x, panel.top + 13, "↑∞", "strong-text", anchor) : "");
    return panel.axes() +
      panel.inside(bestAndCandidate(panel, state),
                   curve(panel, (theta) => nll(theta, state), state, "line blue strong")) +
      endless(0, panel.left + 8, "start") + endless(1, panel.right - 8, "end") +
      (count(state) ? plot.dot(...on(panel, best(state), least(state)), 5, "mark") : "");
  }

  function flipsInWords(state, most) {
    const n = count(state);
    if (n === 0) return "no flips yet";
    const letters = [...state.last.slice(-most)].join(" ");
    return (n > most ? "last " + most + " of " + n + " flips: " : "flips: ") + letters;
  }

  function draw(state, data, narrow) {
    const { hill, cost } = panels(state, narrow);
    return plot.text(hill.left, 22, flipsInWords(state, narrow ? 8 : SHOWN), "strong-text") +
      drawHill(hill, state) + drawCost(cost, state);
  }

  function describe(state) {
    const { theta, heads, tails } = state;
    const n = count(state);
    if (n === 0) return "0 flips: every θ has the likelihood 1 and the NLL 0 nats.";
    const [low, high] = formulas.coinHalfHeight(heads, tails);
    const area = size(-formulas.coinLogArea(heads, tails), 4);
    return n + (n === 1 ? " flip, " : " flips, ") + heads + " heads. At θ = " + number(theta) +
      " the likelihood is " + size(nll(theta, state), 3) + ", the NLL " +
      number(nll(theta, state), 3) + " nats. " + bestInWords(state) +
      " The likelihood is at least half its maximum for θ from " + number(low) + " to " +
      number(high) + ", a width of " + number(high - low, 3) +
      ". The area under the likelihood is " + area + ", not 1: it is no probability of θ.";
  }

  function bestInWords(state) {
    const edge = state.heads === 0 || state.tails === 0
      ? ", at the edge: the other outcome is declared impossible" : "";
    const rounded = vanished(state) ? ", which double precision rounds to 0" : "";
    return "At its maximum, θ = heads/n = " + number(best(state), 3) + edge +
      ", the likelihood is " + size(least(state), 3) + rounded + ", the NLL " +
      number(least(state), 3) + " nats.";
  }

  // ---- flips ---------------------------------------------------------------------------

  const add = (state, outcome) => ({
    ...state, last: (state.last + outcome).slice(-SHOWN),
    heads: state.heads + (outcome === "H"), tails: state.tails + (outcome === "T"),
  });

  // Flips of a coin of our own, the same for every reader: a linear congruential generator.
  function flip(state, times) {
    let { seed } = state;
    let next = state;
    for (let i = 0; i < times; i += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      next = add(next, seed / 4294967296 < CHANCE ? "H" : "T");
    }
    return { ...next, seed };
  }

  const button = (name, label, press, times) =>
    ({ name, kind: "button", label, press, enabled: (state) => count(state) + times <= MOST });

  const controls = [
    { name: "theta", kind: "range", label: "candidate θ", min: 0, max: 1, step: 0.01,
      show: (state) => number(state.theta) },
    button("heads", "Add heads", (state) => add(state, "H"), 1),
    button("tails", "Add tails", (state) => add(state, "T"), 1),
    button("ten", "Flip 10 more", (state) => flip(state, 10), 10),
    button("hundred", "Flip 100 more", (state) => flip(state, 100), 100),
    { name: "none", kind: "button", label: "No flips",
      press: (state) => ({ ...state, heads: 0, tails: 0, last: "" }) },
  ];

  // One holds the candidate on either curve.
  function handles(state, data, narrow) {
    const { hill, cost } = panels(state, narrow);
    const { theta } = state;
    const points = { hill: on(hill, theta, vanished(state) ? 0 : share(theta, state)),
                     cost: on(cost, theta, nll(theta, state)) };
    return Object.entries(points).map(([name, [x, y]]) => ({ name, x, y }));
  }

  function drag(state, name, x, y, data, narrow) {
    return { ...state, theta: Math.round(panels(state, narrow)[name].x.invert(x) * 100) / 100 };
  }

  MLE.figures = Object.assign(MLE.figures || {}, {
    coin_flips: {
      title: "The likelihood of a coin, and its negative log",
      size: { wide: [720, 300], narrow: [330, 490] },
      start: { theta: 0.5, heads: 2, tails: 1, last: "HHT", seed: 6 },
      controls, draw, describe, handles, drag,
    },
  });
})();
