// MLE.formulas: the mathematics of the interactive figures. Pure functions of numbers and arrays,
// in nats; tests/test_interactive_formulas.py compares each with torch. A residual is target minus
// prediction, a scale is positive.
(() => {
  "use strict";
  const MLE = (globalThis.MLE = globalThis.MLE || {});
  const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

  // erf(x) = 2/sqrt(pi) e^(-x^2) sum over n of 2^n x^(2n+1) / (1 3 5 ... (2n+1)).
  // All terms have one sign, so nothing cancels; beyond 6 the result rounds to 1.
  function erf(x) {
    if (Math.abs(x) > 6) return Math.sign(x);
    let term = x;
    let sum = x;
    for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
      term *= (2 * x * x) / odd;
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }

  // log Gamma(x) for x > 0: Stirling's series, after x has been raised above 10
  // by log Gamma(x) = log Gamma(x + 1) - log x.
  function logGamma(x) {
    let lowered = 0;
    for (; x < 10; x += 1) lowered += Math.log(x);
    const square = x * x;
    const series =
      (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / x;
    return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + series - lowered;
  }

  // Huber's loss of a number: r^2/2 up to the threshold k, k |r| - k^2/2 beyond it.
  function huber(r, threshold) {
    const size = Math.abs(r);
    return size <= threshold ? (r * r) / 2 : threshold * size - (threshold * threshold) / 2;
  }

  // The area under e^(-huber): a Gaussian middle and two exponential tails.
  function huberArea(threshold) {
    const middle = Math.sqrt(2 * Math.PI) * erf(threshold / Math.SQRT2);
    return middle + (2 / threshold) * Math.exp((-threshold * threshold) / 2);
  }

  // Each noise model: its textbook loss; the factor and the shift with
  // NLL = factor * loss + shift; and the slope of the NLL in the residual.
  const noises = {
    // density e^(-r^2 / (2 s^2)) / (s sqrt(2 pi)); the scale is the standard deviation
    gaussian: {
      loss: (r) => r * r,
      factor: ({ scale }) => 1 / (2 * scale * scale),
      shift: ({ scale }) => Math.log(scale) + HALF_LOG_TWO_PI,
      slope: (r, { scale }) => r / (scale * scale),
    },
    // density e^(-|r| / s) / (2 s); the scale is the mean distance. Slope at 0: a subgradient.
    laplace: {
      loss: (r) => Math.abs(r),
      factor: ({ scale }) => 1 / scale,
      shift: ({ scale }) => Math.log(2 * scale),
      slope: (r, { scale }) => Math.sign(r) / scale,
    },
    // density proportional to (1 + r^2 / (d s^2))^(-(d + 1) / 2), d degrees of freedom
    student: {
      loss: (r, { scale, freedom }) => Math.log1p((r * r) / (freedom * scale * scale)),
      factor: ({ freedom }) => (freedom + 1) / 2,
      shift: ({ scale, freedom }) =>
        Math.log(scale) + Math.log(freedom * Math.PI) / 2 +
        logGamma(freedom / 2) - logGamma((freedom + 1) / 2),
      slope: (r, { scale, freedom }) =>
        ((freedom + 1) * r) / (freedom * scale * scale + r * r),
    },
    // density e^(-huber(r / s)) / (s huberArea)
    huber: {
      loss: (r, { scale, threshold }) => huber(r / scale, threshold),
      factor: () => 1,
      shift: ({ scale, threshold }) => Math.log(scale) + Math.log(huberArea(threshold)),
      slope: (r, { scale, threshold }) =>
        Math.max(-threshold, Math.min(threshold, r / scale)) / scale,
    },
  };

  // -log density of a residual; noise is a key of noises, the parameters are
  // {scale, freedom, threshold}, of which each model reads its own.
  function nll(noise, r, parameters) {
    const { loss, factor, shift } = noises[noise];
    return factor(parameters) * loss(r, parameters) + shift(parameters);
  }

  const density = (noise, r, parameters) => Math.exp(-nll(noise, r, parameters));

  // Sums over rows [x, y, count] that a line through the means needs.
  function moments(rows) {
    const total = (f) => rows.reduce((sum, [x, y, count]) => sum + count * f(x, y), 0);
    const n = total(() => 1);
    const x = total((x) => x) / n;
    const y = total((_, y) => y) / n;
    return {
      n, x, y,
      xx: total((a) => (a - x) * (a - x)),
      xy: total((a, b) => (a - x) * (b - y)),
      yy: total((_, b) => (b - y) * (b - y)),
    };
  }

  // [x, mean of y, count] of the rows that share an x, in the order in which each x first occurs.
  function classMeans(rows) {
    const sums = new Map();
    for (const [x, y, count] of rows) {
      const [sum, n] = sums.get(x) || [0, 0];
      sums.set(x, [sum + count * y, n + count]);
    }
    return [...sums].map(([x, [sum, n]]) => [x, sum / n, n]);
  }

  // Sum of squared residuals of the line through the means with this slope.
  const squaredError = (m, slope) => m.yy - 2 * slope * m.xy + slope * slope * m.xx;

  // The slope where that sum is least.
  const bestSlope = (m) => m.xy / m.xx;

  // Gaussian NLL of n residuals whose squares have this sum.
  const gaussianNll = (sum, n, scale) =>
    sum / (2 * scale * scale) + n * (Math.log(scale) + HALF_LOG_TWO_PI);

  MLE.formulas = Object.assign(MLE.formulas || {}, {
    erf, logGamma, huber, huberArea, noises, nll, density,
    moments, classMeans, squaredError, bestSlope, gaussianNll,
  });
})();
