// MLE.figures.logistic: points of two classes on a line, the logistic fit after some Newton steps,
// the loss of each point, and what happens when the classes do not overlap.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const { formulas, plot } = MLE;
  const { number } = plot;
  const PLACES = [0, 10];
  const SLOPES = [-2, 8]; // those that the right panel shows, or with the other sign
  const OUTCOMES = [0, 0, 0, 0, 1, 1, 1, 1];
  const COLORS = ["blue", "vermilion"]; // of each outcome
  const LINES = ["line blue dashed", "line vermilion"];
  const MOST_STEPS = 20;

  // The weights after the chosen number of steps, and what they mean for the picture.
  function fit({ places, steps }) {
    const path = formulas.logisticPath(places, OUTCOMES, steps);
    const weights = path[path.length - 1];
    const logit = (x) => weights.intercept + weights.slope * x;
    return {
      ...weights, logit, probability: (x) => formulas.sigmoid(logit(x)),
      loss: (i) => formulas.logisticLoss(logit(places[i]), OUTCOMES[i]),
      total: formulas.logisticNll(places, OUTCOMES, weights),
      boundary: weights.slope === 0 ? null : -weights.intercept / weights.slope,
    };
  }

  function panels(narrow) {
    const common = { left: 48, width: narrow ? 270 : 384, xs: PLACES, xticks: [0, 2, 4, 6, 8, 10] };
    return {
      chance: plot.panel({ ...common, top: 30, height: 140, ys: [-0.12, 1.12],
                           yticks: [0, 0.5, 1], title: "probability of outcome 1" }),
      loss: plot.panel({ ...common, top: 220, height: 120, ys: [0, 4], yticks: [0, 1, 2, 3, 4],
                         title: "loss (nats)", xlabel: "place x of the point" }),
    };
  }

  function profilePanel({ slope }, narrow) {
    const beside = narrow ? { left: 48, top: 412, width: 270, height: 110 }
                          : { left: 492, top: 30, width: 208, height: 310 };
    return plot.panel({ ...beside, xs: slope < 0 ? [-SLOPES[1], -SLOPES[0]] : SLOPES, ys: [0, 6],
                        yticks: [0, 2, 4, 6], title: "least total NLL, by slope",
                        xlabel: "slope, now " + number(slope) });
  }

  function drawChance(panel, fitted, { places }) {
    const { boundary, probability } = fitted;
    const seen = boundary !== null && boundary > PLACES[0] && boundary < PLACES[1];
    const edge = !seen ? "" : plot.line(panel.x(boundary), panel.top, panel.x(boundary),
                                        panel.bottom, "guide");
    const left = boundary > 7.5;
    const beside = panel.x(boundary || 0) + (left ? -6 : 6);
    const label = !seen ? "" : plot.text(beside, panel.y(0.5) + 16,
                                         "boundary " + number(boundary), "",
                                         left ? "end" : "start");
    const points = places.map((x, i) =>
      plot.dot(panel.x(x), panel.y(OUTCOMES[i]), 11, "fill half " + COLORS[OUTCOMES[i]]));
    return panel.axes() + points.join("") +
      panel.inside(edge, panel.curve(probability, "line green strong", 160)) + label;
  }

  // A bar from 0 to each point's loss, under the curve of its outcome.
  function drawLosses(panel, fitted, { places }) {
    const { logit } = fitted;
    const curve = (y, kind) => panel.curve((x) => formulas.logisticLoss(logit(x), y), kind, 120);
    const bars = places.map((x, i) => {
      const level = panel.y(Math.min(4, fitted.loss(i)));
      return plot.box(panel.x(x) - 4, level, 8, panel.bottom - level,
                      "fill half " + COLORS[OUTCOMES[i]]);
    });
    return panel.axes() +
      panel.inside(curve(0, LINES[0]), curve(1, LINES[1]), ...bars) +
      plot.legend(panel.left + 110, panel.top - 8, [["if 1", LINES[1]], ["if 0", LINES[0]]], 80);
  }

  // The least NLL at each slope, and where the steps have come to.
  function drawProfile(panel, fitted, { places }) {
    const least = (slope) => formulas.logisticProfile(places, OUTCOMES, slope);
    const { slope, total } = fitted;
    const at = Math.max(-SLOPES[1], Math.min(SLOPES[1], slope));
    const level = panel.y(Math.min(6, total));
    const beyond = slope > at ? "→" : slope < at ? "←" : "";
    return panel.axes() + panel.inside(panel.curve(least, "line blue strong", 96)) +
      plot.dot(panel.x(at), level, 5, "mark") +
      plot.text(panel.x(at), level - 12, beyond, "strong-text", "middle");
  }

  function draw(state, data, narrow) {
    const { chance, loss } = panels(narrow);
    const fitted = fit(state);
    return drawChance(chance, fitted, state) + drawLosses(loss, fitted, state) +
      drawProfile(profilePanel(fitted, narrow), fitted, state);
  }

  // ---- in words ------------------------------------------------------------------------

  function describe(state) {
    const fitted = fit(state);
    const steps = state.steps + (state.steps === 1 ? " Newton step: " : " Newton steps: ");
    return OVERLAP[formulas.separation(state.places, OUTCOMES).kind](state) + " After " + steps +
      "slope " + number(fitted.slope) + boundaryInWords(fitted) + ", total NLL " +
      number(fitted.total, 3) + " nats. " + dearestInWords(state, fitted);
  }

  const range = (state) => {
    const { low, high } = formulas.separation(state.places, OUTCOMES);
    return number(low, 1) + " and " + number(high, 1);
  };

  const OVERLAP = {
    overlap: () => "The classes overlap, so one slope is best.",
    gap: (state) => "Separable: any boundary between " + range(state) +
      " is right for all, so there is no finite estimate. The NLL falls towards 0 and never " +
      "gets there.",
    touch: (state) => {
      const { low, least } = formulas.separation(state.places, OUTCOMES);
      return "The classes meet only at " + number(low, 1) +
        ", so there is no finite estimate. The NLL falls towards " + number(least, 2) +
        " nats and never gets there.";
    },
    "one place": () => "All points are at one place, so the data say nothing about the slope.",
  };

  const boundaryInWords = ({ boundary }) =>
    (boundary === null ? ", no boundary" : ", boundary at x = " + number(boundary));

  function dearestInWords({ places }, fitted) {
    const losses = places.map((_, i) => fitted.loss(i));
    const most = Math.max(...losses);
    if (most - Math.min(...losses) < 1e-6) return "Each point costs " + number(most, 3) + " nats.";
    const i = losses.indexOf(most);
    return "The dearest point, outcome " + OUTCOMES[i] + " at " + number(places[i], 1) +
      ", costs " + number(most, 3) + " nats.";
  }

  // ---- what moves it -------------------------------------------------------------------

  const controls = [
    { name: "steps", kind: "range", label: "Newton steps from slope 0", min: 0, max: MOST_STEPS,
      step: 1, show: (state) => String(state.steps) },
  ];

  // Each point is a handle, by pointer and by keyboard.
  function handles(state, data, narrow) {
    const { chance } = panels(narrow);
    const fitted = fit(state);
    return state.places.map((place, i) => ({
      name: "point" + i, x: chance.x(place), y: chance.y(OUTCOMES[i]), value: place,
      label: "point " + (i + 1) + ", outcome " + OUTCOMES[i], min: PLACES[0], max: PLACES[1],
      step: 0.1, show: "x = " + number(place, 1) + ", loss " + number(fitted.loss(i), 3) + " nats",
    }));
  }

  function change(state, name, value) {
    if (name === "steps") return { ...state, steps: value };
    const places = [...state.places];
    places[Number(name.slice("point".length))] = value;
    return { ...state, places };
  }

  const drag = (state, name, x, y, data, narrow) =>
    change(state, name, Math.round(panels(narrow).chance.x.invert(x) * 10) / 10);

  MLE.figures = Object.assign(MLE.figures || {}, {
    logistic: {
      title: "Logistic regression of eight points on a line",
      size: { wide: [720, 386], narrow: [330, 568] },
      start: { places: [1.5, 2.6, 4, 6.2, 5, 6.9, 7.8, 9], steps: 12 },
      controls, draw, describe, handles, change, drag,
    },
  });
})();
