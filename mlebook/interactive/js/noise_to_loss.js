// MLE.figures.noise_to_loss: a noise model, its density, its -log, and how hard a residual pulls.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const { formulas, plot } = MLE;
  const { number } = plot;
  const NAMES = { gaussian: "Gaussian", laplace: "Laplace", student: "Student-t", huber: "Huber" };
  const LOSSES = { gaussian: "r²", laplace: "|r|", student: "log(1 + r² / (ν σ²))",
                   huber: "ρ(r / σ)" };
  const KINDS = { gaussian: "blue", laplace: "vermilion dashed", student: "green dotted",
                  huber: "black dashdot" };
  const REACH = 8; // residuals from -8 to 8

  // The three panels, side by side or one below the other.
  function panels(narrow) {
    const place = (i) => (narrow ? { left: 30, top: 70 + i * 164, width: 290, height: 104 }
                                 : { left: 36 + i * 240, top: 66, width: 196, height: 210 });
    const common = { xs: [-REACH, REACH], xticks: [-8, -4, 0, 4, 8], xlabel: "residual r" };
    return {
      density: plot.panel({ ...common, ...place(0), ys: [0, 0.85], name: "p(r)", digits: 5 }),
      nll: plot.panel({ ...common, ...place(1), ys: [0, 14], name: "−log p(r)", unit: " nats" }),
      slope: plot.panel({ ...common, ...place(2), ys: [-4, 4], name: "slope", unit: " nats/unit" }),
    };
  }

  const curves = {
    density: (noise, r, state) => formulas.density(noise, r, state),
    nll: (noise, r, state) => formulas.nll(noise, r, state),
    slope: (noise, r, state) => formulas.noises[noise].slope(r, state),
  };

  // Laplace's loss has a corner at 0, where its slope may be any of an interval.
  const atKink = ({ noise, residual }) => noise === "laplace" && residual === 0;

  // The title holds the number, which the curve may be too high or too low to show.
  function heading({ left, top, name, unit = "", digits = 2 }, level, state) {
    const steepest = number(1 / state.scale);
    const shown = name === "slope" && atKink(state) ? "−" + steepest + " … " + steepest
                                                    : number(level, digits) + unit;
    return plot.text(left, top - 9, name + " = " + shown);
  }

  // Enough digits for a reader who checks the sum.
  const exact = (value) => String(Number(value.toPrecision(5)));

  function drawPanel(panel, f, state) {
    const others = Object.keys(NAMES).filter((noise) => noise !== state.noise);
    const curve = (noise, kind) =>
      panel.curve((r) => f(noise, r, state), "line " + KINDS[noise] + kind);
    const at = panel.x(state.residual);
    return panel.axes() + heading(panel, f(state.noise, state.residual, state), state) + panel.inside(
      plot.line(panel.left, panel.y(0), panel.right, panel.y(0), "axis"),
      ...others.map((noise) => curve(noise, " thin")),
      curve(state.noise, " strong"),
      plot.line(at, panel.top, at, panel.bottom, "guide"));
  }

  // Where the residual meets a curve; what lies outside the panel is marked at its edge.
  function mark(panel, f, state) {
    const level = f(state.noise, state.residual, state);
    const [low, high] = panel.ys;
    return [panel.x(state.residual), panel.y(Math.max(low, Math.min(high, level)))];
  }

  // The tangent of the loss at the residual, whose slope the third panel shows.
  function tangent({ x, y, inside }, state) {
    const { noise, residual } = state;
    const [level, slope] = [curves.nll, curves.slope].map((f) => f(noise, residual, state));
    return inside(plot.path([-1.5, 1.5].map((step) =>
      [x(residual + step), y(level + slope * step)]), "line thin grey"));
  }

  function draw(state, data, narrow) {
    const all = panels(narrow);
    const parts = Object.entries(all).map(([name, panel]) => {
      const [x, y] = mark(panel, curves[name], state);
      return drawPanel(panel, curves[name], state) + plot.dot(x, y, 5, "mark");
    });
    const names = Object.keys(NAMES).map((noise) =>
      [NAMES[noise], "line " + KINDS[noise] + (noise === state.noise ? " strong" : "")]);
    const legend = narrow
      ? plot.legend(30, 18, names.slice(0, 2), 150) + plot.legend(30, 38, names.slice(2), 150)
      : plot.legend(36, 20, names, 130);
    return legend + parts.join("") + tangent(all.nll, state);
  }

  function describe(state) {
    const { noise, residual } = state;
    const { factor, shift, loss } = formulas.noises[noise];
    const cost = (name) => number(formulas.nll(name, residual, state));
    const others = Object.keys(NAMES).filter((name) => name !== noise);
    return NAMES[noise] + " noise, residual " + number(residual, 1) + ": density " +
      number(formulas.density(noise, residual, state), 5) + ", cost " + cost(noise) +
      " nats = " + exact(factor(state)) + " × " + LOSSES[noise] + " + " +
      number(shift(state), 3) + ", where " + LOSSES[noise] + " is " +
      exact(loss(residual, state)) + ". " + slopeInWords(state) + " The others charge " +
      others.map((name) => cost(name) + " (" + NAMES[name] + ")").join(", ") + ".";
  }

  function slopeInWords(state) {
    const { noise, residual, scale } = state;
    if (atKink(state)) {
      return "At the kink the slopes from " + number(-1 / scale) + " to " + number(1 / scale) +
        " are all subgradients.";
    }
    return "Slope " + number(formulas.noises[noise].slope(residual, state)) + " nats per unit.";
  }

  const controls = [
    { name: "noise", kind: "choice", label: "Noise", choices: Object.entries(NAMES) },
    { name: "residual", kind: "range", label: "residual r", min: -REACH, max: REACH, step: 0.1,
      show: (state) => number(state.residual, 1) },
    { name: "scale", kind: "range", label: "scale σ", min: 0.6, max: 3, step: 0.05,
      show: (state) => number(state.scale) },
    { name: "freedom", kind: "range", label: "degrees of freedom ν (Student-t)", min: 1, max: 30,
      step: 1, show: (state) => number(state.freedom, 0) },
    { name: "threshold", kind: "range", label: "threshold k (Huber)", min: 0.5, max: 3, step: 0.05,
      show: (state) => number(state.threshold) },
  ];

  // One handle in each of the first two panels; both move the residual.
  function handles(state, data, narrow) {
    const all = panels(narrow);
    return ["density", "nll"].map((name) => {
      const [x, y] = mark(all[name], curves[name], state);
      return { name, x, y };
    });
  }

  function drag(state, name, x, y, data, narrow) {
    const residual = Math.round(panels(narrow)[name].x.invert(x) * 10) / 10;
    return { ...state, residual };
  }

  MLE.figures = Object.assign(MLE.figures || {}, {
    noise_to_loss: {
      title: "From a noise model to its loss",
      size: { wide: [720, 320], narrow: [330, 550] },
      start: { noise: "gaussian", residual: 5, scale: 1, freedom: 3, threshold: 1.35 },
      controls, draw, describe, handles, drag,
    },
  });
})();
