// MLE.formulas, continued: coin_flips, two_divergences and logistic. Pure functions of numbers and
// arrays, in nats; tests/test_interactive_fits.py compares each with torch.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});

  // --- a coin: heads and tails are counts, p is the probability of heads -----------------

  // count · log(probability), where 0 · log 0 = 0: what never happened costs nothing.
  const countLog = (count, logProbability) => (count === 0 ? 0 : count * logProbability);

  // −log L(p) = −heads · log p − tails · log(1 − p); infinite if p rules out what was seen.
  const coinNll = (p, heads, tails) =>
    0 - countLog(heads, Math.log(p)) - countLog(tails, Math.log1p(-p));

  // L(p) = p^heads · (1 − p)^tails, in double precision: after many flips it underflows to 0.
  const coinLikelihood = (p, heads, tails) => Math.exp(-coinNll(p, heads, tails));

  // The p of the largest likelihood, heads / n; null before the first flip.
  const coinEstimate = (heads, tails) => (heads + tails ? heads / (heads + tails) : null);

  // log of the area under L(p) from 0 to 1: −log(n + 1) − log(n choose heads).
  function coinLogArea(heads, tails) {
    let logChoose = 0;
    for (let j = 1; j <= heads; j += 1) logChoose += Math.log((tails + j) / j);
    return -Math.log(heads + tails + 1) - logChoose;
  }

  // The last point between inside and outside at which holds() is true, by bisection.
  function lastWhere(holds, inside, outside, rounds = 60) {
    if (holds(outside)) return outside;
    for (let i = 0; i < rounds; i += 1) {
      const middle = (inside + outside) / 2;
      if (holds(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  }

  // [low, high]: where L(p) is at least half of its maximum.
  function coinHalfHeight(heads, tails) {
    if (heads + tails === 0) return [0, 1];
    const best = heads / (heads + tails);
    const limit = coinNll(best, heads, tails) + Math.LN2;
    const holds = (p) => coinNll(p, heads, tails) <= limit;
    return [lastWhere(holds, best, 0), lastWhere(holds, best, 1)];
  }

  // --- two divergences: q = {mean, scale}, p a mixture {weights, means, scales} ----------

  const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

  // log N(x; mean, scale²).
  function gaussianLog(x, mean, scale) {
    const z = (x - mean) / scale;
    return -0.5 * z * z - Math.log(scale) - HALF_LOG_TWO_PI;
  }

  // log of a bump's part of p(x) = Σ_k w_k N(x; mean_k, scale_k²).
  const bumpLog = (x, p, k) => Math.log(p.weights[k]) + gaussianLog(x, p.means[k], p.scales[k]);

  // log p(x), added up from the highest bump, so that nothing underflows.
  function mixtureLog(x, p) {
    let log = bumpLog(x, p, 0);
    for (let k = 1; k < p.weights.length; k += 1) {
      const other = bumpLog(x, p, k);
      log = Math.max(log, other) + Math.log1p(Math.exp(-Math.abs(log - other)));
    }
    return log;
  }

  // The derivative of log p(x): the bumps' own slopes, each by its share of p(x).
  function mixtureSlope(x, p) {
    const log = mixtureLog(x, p);
    let slope = 0;
    for (let k = 0; k < p.weights.length; k += 1) {
      slope += (Math.exp(bumpLog(x, p, k) - log) * (p.means[k] - x)) / p.scales[k] ** 2;
    }
    return slope;
  }

  // Mean and scale of the mixture: the minimiser of KL(p‖q), by moment matching.
  function forwardFit(p) {
    const mean = p.weights.reduce((sum, w, k) => sum + w * p.means[k], 0);
    const square = p.weights.reduce(
      (sum, w, k) => sum + w * (p.scales[k] ** 2 + (p.means[k] - mean) ** 2), 0);
    return { mean, scale: Math.sqrt(square) };
  }

  // E[f(X) z^k], k = 0, …, order, of a Gaussian X = mean + scale · z, by the trapezoidal rule over
  // z from −9 to 9: for functions as smooth as these it is as good as exact.
  function gaussianMoments(f, { mean, scale }, order = 0) {
    const [nodes, sums] = [1200, new Array(order + 1).fill(0)];
    for (let i = 0; i <= nodes; i += 1) {
      const z = (18 * i) / nodes - 9;
      let term = Math.exp(-0.5 * z * z) * f(mean + scale * z);
      for (let k = 0; k <= order; k += 1, term *= z) sums[k] += term;
    }
    return sums.map((sum) => (sum * 18) / nodes / Math.sqrt(2 * Math.PI));
  }

  const gaussianMean = (f, q) => gaussianMoments(f, q)[0];

  // KL(p‖q) = ∫ p(x) log(p(x)/q(x)) dx, bump by bump: what maximum likelihood minimises.
  function forwardKl(p, q) {
    const excess = (x) => mixtureLog(x, p) - gaussianLog(x, q.mean, q.scale);
    return p.weights.reduce((sum, w, k) =>
      sum + w * gaussianMean(excess, { mean: p.means[k], scale: p.scales[k] }), 0);
  }

  // KL(q‖p) = ∫ q(x) log(q(x)/p(x)) dx.
  const reverseKl = (p, q) =>
    gaussianMean((x) => gaussianLog(x, q.mean, q.scale) - mixtureLog(x, p), q);

  // First and second derivatives of KL(q‖p) in the mean m and the log of the scale, l. By parts all
  // come from the means of (log p)′ · z^k.
  function reverseSlopes(p, q) {
    const { scale } = q;
    const g = gaussianMoments((x) => mixtureSlope(x, p), q, 3);
    return { m: -g[0], l: -1 - scale * g[1],
             mm: -g[1] / scale, ml: g[0] - g[2], ll: scale * (g[1] - g[3]) };
  }

  // The dip of KL(q‖p) that one reaches from q downhill.
  function reverseFit(p, q, most = 100) {
    let value = reverseKl(p, q);
    for (let step = 0; step < most; step += 1) {
      const next = downhill(p, q, value);
      if (!next) break;
      [q, value] = next;
    }
    return q;
  }

  // One step: Newton's where the divergence curves upwards, else along the slope; never further
  // than .3 scales, so that it stays in its dip, and halved until the divergence falls.
  function downhill(p, q, value) {
    const { m, l, mm, ml, ll } = reverseSlopes(p, q);
    const det = mm * ll - ml * ml;
    const [mean, log] = mm > 0 && det > 0
      ? [(ml * l - ll * m) / det, (ml * m - mm * l) / det]
      : [-m * q.scale ** 2, -l / 2];
    const far = Math.hypot(mean / q.scale, log);
    if (far < 1e-9) return null; // arrived
    const reach = Math.min(1, 0.3 / far);
    for (let rate = reach; rate > 1e-6; rate /= 2) {
      const next = { mean: q.mean + rate * mean, scale: q.scale * Math.exp(rate * log) };
      const found = reverseKl(p, next);
      if (found < value) return [next, found];
    }
    return null; // all that is left to gain is rounding
  }

  // --- logistic regression on a line: logit z = intercept + slope · x, y is 0 or 1 --------

  // 1 / (1 + exp(−z)), without overflow.
  const sigmoid = (z) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));

  // log(1 + exp(z)), without overflow.
  const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

  // −log of the probability of y: softplus(−z) for y = 1, softplus(z) for y = 0.
  const logisticLoss = (z, y) => softplus(y ? -z : z);

  // Σ_i loss of point i: the negative log-likelihood.
  const logisticNll = (xs, ys, w) =>
    xs.reduce((sum, x, i) => sum + logisticLoss(w.intercept + w.slope * x, ys[i]), 0);

  // Newton's step: slopes and curvatures, with x centred by weight p(1 − p), solved by hand.
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

  // The weights after 0, 1, …, count Newton steps from zero, each halved until NLL falls.
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

  // The least NLL at a fixed slope, over the intercept; there the probabilities have the sum
  // of the outcomes, which bisection finds. Both classes must occur.
  function logisticProfile(xs, ys, slope) {
    const ones = ys.reduce((sum, y) => sum + y, 0);
    const reach = Math.max(...xs.map((x) => Math.abs(slope * x))) + 40;
    const tooLow = (a) => xs.reduce((sum, x) => sum + sigmoid(a + slope * x), 0) <= ones;
    return logisticNll(xs, ys, {intercept: lastWhere(tooLow, -reach, reach, 36), slope});
  }

  // Do the classes overlap? Exact, by comparing the ends of the two ranges.
  // kind: "overlap" (one finite best fit), "gap" (some boundary has each class on its own
  // side), "touch" (the ranges share one end point), "one place" (all x equal: any slope
  // fits). For gap and touch: low and high, the ends of the gap, and rising, whether class 1
  // lies above; least is what the NLL comes close to and never reaches.
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

  // What the points at one x cost at least: theirs is a coin, its best p their share of 1.
  function tieCost(xs, ys, place) {
    const tied = ys.filter((_, i) => xs[i] === place);
    const ones = tied.reduce((sum, y) => sum + y, 0);
    return coinNll(ones / tied.length, ones, tied.length - ones);
  }

  MLE.formulas = Object.assign(MLE.formulas || {}, {
    coinNll, coinLikelihood, coinEstimate, coinLogArea, coinHalfHeight,
    gaussianLog, mixtureLog, mixtureSlope, gaussianMoments,
    forwardFit, forwardKl, reverseKl, reverseSlopes, reverseFit,
    sigmoid, softplus, logisticLoss, logisticNll, logisticPath, logisticProfile, separation,
  });
})();
