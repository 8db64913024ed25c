"use strict";
/* Formulas of the figures coin_flips, two_divergences and logistic: pure functions of numbers
   and arrays, in nats. tests/test_interactive_fits.py compares each of them with torch. */
(() => {
  // --- a coin: heads and tails are counts, p is the probability of heads -----------------

  /** count · log(probability), where 0 · log 0 = 0: what never happened costs nothing. */
  const countLog = (count, logProbability) => (count === 0 ? 0 : count * logProbability);

  /** −log L(p) = −heads · log p − tails · log(1 − p); infinite if p rules out what was seen. */
  const coinNll = (p, heads, tails) =>
    0 - countLog(heads, Math.log(p)) - countLog(tails, Math.log1p(-p));

  /** L(p) = p^heads · (1 − p)^tails, in double precision: after many flips it underflows to 0. */
  const coinLikelihood = (p, heads, tails) => Math.exp(-coinNll(p, heads, tails));

  /** The p of the largest likelihood, heads / n; null before the first flip. */
  const coinEstimate = (heads, tails) => (heads + tails ? heads / (heads + tails) : null);

  /** log of the area under L(p) from 0 to 1: −log(n + 1) − log(n choose heads). */
  function coinLogArea(heads, tails) {
    let logChoose = 0;
    for (let j = 1; j <= heads; j++) logChoose += Math.log((tails + j) / j);
    return -Math.log(heads + tails + 1) - logChoose;
  }

  /** The last point between inside and outside at which holds() is true, by bisection. */
  function lastWhere(holds, inside, outside) {
    if (holds(outside)) return outside;
    for (let i = 0; i < 60; i++) {
      const middle = (inside + outside) / 2;
      if (holds(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  }

  /** [low, high]: where L(p) is at least half of its maximum. */
  function coinHalfHeight(heads, tails) {
    if (heads + tails === 0) return [0, 1];
    const best = heads / (heads + tails);
    const limit = coinNll(best, heads, tails) + Math.LN2;
    const holds = (p) => coinNll(p, heads, tails) <= limit;
    return [lastWhere(holds, best, 0), lastWhere(holds, best, 1)];
  }

  // --- two divergences: q = {mean, scale}, p a mixture {weights, means, scales} ----------

  /** log N(x; mean, scale²). */
  function gaussianLog(x, mean, scale) {
    const z = (x - mean) / scale;
    return -0.5 * z * z - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
  }

  /** The log of each bump's share of p(x): log w_k + log N(x; mean_k, scale_k²). */
  const bumpLogs = (x, p) =>
    p.weights.map((w, k) => Math.log(w) + gaussianLog(x, p.means[k], p.scales[k]));

  /** log p(x) = log Σ_k w_k N(x; mean_k, scale_k²), summed from the largest term. */
  function mixtureLog(x, p) {
    const logs = bumpLogs(x, p);
    const top = Math.max(...logs);
    return top + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - top), 0));
  }

  /** Derivative of log p(x): the bumps' own slopes, weighted by their share at x. */
  function mixtureLogSlope(x, p) {
    const logs = bumpLogs(x, p);
    const top = Math.max(...logs);
    let total = 0, slope = 0;
    logs.forEach((value, k) => {
      const share = Math.exp(value - top);
      total += share;
      slope += share * (p.means[k] - x) / p.scales[k] ** 2;
    });
    return slope / total;
  }

  /** Mean and scale of the mixture: the minimiser of KL(p‖q), by moment matching. */
  function forwardFit(p) {
    const mean = p.weights.reduce((sum, w, k) => sum + w * p.means[k], 0);
    const square = p.weights.reduce(
      (sum, w, k) => sum + w * (p.scales[k] ** 2 + (p.means[k] - mean) ** 2), 0);
    return {mean, scale: Math.sqrt(square)};
  }

  /** Gaussian mean of f by the trapezoidal rule over ±9 scales, which is exact to rounding
      for functions as smooth as these. */
  function gaussianMean(f, mean, scale, nodes = 1201) {
    const step = 18 / (nodes - 1);
    let sum = 0;
    for (let i = 0; i < nodes; i++) {
      const z = -9 + i * step;
      sum += Math.exp(-0.5 * z * z) * f(mean + scale * z, z);
    }
    return sum * step / Math.sqrt(2 * Math.PI);
  }

  /** KL(p‖q) = ∫ p(x) log(p(x)/q(x)) dx: what maximum likelihood minimises. */
  const forwardKl = (p, q) => p.weights.reduce((sum, w, k) => sum + w * gaussianMean(
    (x) => mixtureLog(x, p) - gaussianLog(x, q.mean, q.scale), p.means[k], p.scales[k]), 0);

  /** KL(q‖p) = ∫ q(x) log(q(x)/p(x)) dx. */
  const reverseKl = (p, q) => gaussianMean(
    (x) => gaussianLog(x, q.mean, q.scale) - mixtureLog(x, p), q.mean, q.scale);

  /** Slopes of KL(q‖p) by mean and by log scale; with x = mean + scale · z they are
      −E[(log p)′(x)] and −1 − E[(log p)′(x) · scale · z]. */
  function reverseSlopes(p, q) {
    const mean = -gaussianMean((x) => mixtureLogSlope(x, p), q.mean, q.scale);
    const logScale = -1 - gaussianMean(
      (x, z) => mixtureLogSlope(x, p) * q.scale * z, q.mean, q.scale);
    return {mean, logScale};
  }

  /** The dip of KL(q‖p) below q: steps downhill, measured in scales of q (mean) and in factors
      (scale), each halved until the divergence falls. */
  function reverseFit(p, q, {most = 300, tolerance = 1e-9} = {}) {
    let value = reverseKl(p, q);
    for (let step = 0; step < most; step++) {
      const slopes = reverseSlopes(p, q);
      if (Math.hypot(slopes.mean * q.scale, slopes.logScale) < tolerance) break;
      const next = downhill(p, q, slopes, value);
      if (!next) break;
      ({q, value} = next);
    }
    return q;
  }

  function downhill(p, q, slopes, value) {
    for (let rate = 1; rate > 1e-6; rate /= 2) {
      const moved = {
        mean: q.mean - rate * slopes.mean * q.scale ** 2,
        scale: q.scale * Math.exp(-rate * slopes.logScale / 2),
      };
      const found = reverseKl(p, moved);
      if (found <= value) return {q: moved, value: found};
    }
    return null;  // no step is small enough: rounding is all that is left
  }

  // --- logistic regression on a line: logit z = intercept + slope · x, y is 0 or 1 --------

  /** 1 / (1 + exp(−z)), without overflow. */
  const sigmoid = (z) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));

  /** log(1 + exp(z)), without overflow. */
  const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

  /** −log of the probability of y: softplus(−z) for y = 1, softplus(z) for y = 0. */
  const logisticLoss = (z, y) => softplus(y ? -z : z);

  /** Σ_i loss of point i: the negative log-likelihood. */
  const logisticNll = (xs, ys, w) =>
    xs.reduce((sum, x, i) => sum + logisticLoss(w.intercept + w.slope * x, ys[i]), 0);

  /** Newton's step: slopes and curvatures, with x centred by weight p(1 − p), solved by hand. */
  function newtonStep(xs, ys, w) {
    let weight = 0, first = 0, residual = 0;
    const points = xs.map((x, i) => {
      const z = w.intercept + w.slope * x;
      const curve = sigmoid(z) * sigmoid(-z);
      const miss = ys[i] ? sigmoid(-z) : -sigmoid(z);
      weight += curve;
      first += curve * x;
      residual += miss;
      return {x, curve, miss};
    });
    const centre = first / weight;
    const sum = (f) => points.reduce((total, point) => total + f(point), 0);
    const slope = sum(({x, miss}) => miss * (x - centre))
      / sum(({x, curve}) => curve * (x - centre) ** 2);
    return {intercept: residual / weight - slope * centre, slope};
  }

  /** The weights after 0, 1, …, count Newton steps from zero, each halved until NLL falls. */
  function logisticPath(xs, ys, count) {
    const path = [{intercept: 0, slope: 0}];
    while (path.length <= count) path.push(improve(xs, ys, path[path.length - 1]));
    return path;
  }

  function improve(xs, ys, w) {
    const step = newtonStep(xs, ys, w);
    const before = logisticNll(xs, ys, w);
    for (let rate = 1; rate > 1e-6; rate /= 2) {
      const next = {intercept: w.intercept + rate * step.intercept,
        slope: w.slope + rate * step.slope};
      if (logisticNll(xs, ys, next) < before) return next;
    }
    return w;  // arrived: no step lowers the NLL any more
  }

  /** The least NLL at a fixed slope, over the intercept; there the probabilities have the sum
      of the outcomes, which bisection finds. Both classes must occur. */
  function logisticProfile(xs, ys, slope) {
    const ones = ys.reduce((sum, y) => sum + y, 0);
    const reach = Math.max(...xs.map((x) => Math.abs(slope * x))) + 40;
    const tooLow = (a) => xs.reduce((sum, x) => sum + sigmoid(a + slope * x), 0) <= ones;
    return logisticNll(xs, ys, {intercept: lastWhere(tooLow, -reach, reach), slope});
  }

  /** Do the classes overlap? Exact, by comparing the ends of the two ranges.
      kind: "overlap" (one finite best fit), "gap" (some boundary has each class on its own
      side), "touch" (the ranges share one end point), "one place" (all x equal: any slope
      fits). For gap and touch: low and high, the ends of the gap, and rising, whether class 1
      lies above; least is what the NLL comes close to and never reaches. */
  function separation(xs, ys) {
    const ends = (y) => {
      const own = xs.filter((_, i) => ys[i] === y);
      return [Math.min(...own), Math.max(...own)];
    };
    const [[low0, high0], [low1, high1]] = [ends(0), ends(1)];
    if (low0 === high1 && high0 === low1) return {kind: "one place"};
    if (high0 > low1 && high1 > low0) return {kind: "overlap"};
    const rising = high0 <= low1;
    const [low, high] = rising ? [high0, low1] : [high1, low0];
    return {kind: low < high ? "gap" : "touch", low, high, rising,
      least: low < high ? 0 : tieCost(xs, ys, low)};
  }

  /** What the points at one x cost at least: theirs is a coin, its best p their share of 1. */
  function tieCost(xs, ys, place) {
    const tied = ys.filter((_, i) => xs[i] === place);
    const ones = tied.reduce((sum, y) => sum + y, 0);
    return coinNll(ones / tied.length, ones, tied.length - ones);
  }

  globalThis.MLE = globalThis.MLE || {};
  MLE.formulas = Object.assign(MLE.formulas || {}, {
    coinNll, coinLikelihood, coinEstimate, coinLogArea, coinHalfHeight,
    gaussianLog, mixtureLog, mixtureLogSlope, gaussianMean,
    forwardFit, forwardKl, reverseKl, reverseSlopes, reverseFit,
    sigmoid, softplus, logisticLoss, logisticNll, logisticPath, logisticProfile, separation,
  });
})();
