"""One package per loss; its name is also that of its chapter and exercise.

A noise model offers the names below, so that one test, one certificate and one fitter serve
all.  ``prediction`` is what the model outputs, ``target`` what was observed, and ``noise``
stands for the noise model's further parameters, named in ``NOISE_PARAMETERS``.

========================================  ====================================================
``nll(prediction, target, **noise)``      −log density, elementwise, constants kept, in nats
``loss(prediction, target)``              the textbook loss, elementwise
``gradient(…)``, ``curvature(…)``         first, second derivative of ``nll`` by the prediction
``sample(prediction, …, generator)``      random targets from the noise model
``estimate(target)``                      maximum likelihood without inputs: a NamedTuple whose
                                          fields are ``OUTPUTS``, then ``NOISE_PARAMETERS``
``estimate_noise(prediction, target)``    … of the noise parameters, given the predictions
``reference(prediction, **noise)``        the same law in ``torch.distributions``
``SLUG TITLE NOISE OUTPUT ESTIMATES``     facts in words, for the map of losses; so is ``USE``
``SUPPORT``                               the targets: ``"real"``; ``"binary"``, 0 or 1 as
                                          floating point; ``"classes"``, int64 from 0 to K − 1
``OUTPUTS``                               ``("loc",)``, ``("logits",)``, ``("loc", "log_variance")``
``NOISE_PARAMETERS``                      ``("scale",)``, or ``()``
``EXISTENCE``, ``NO_ESTIMATE``            when there is an estimate, in words; targets without
``EXTREMES``                              (prediction, target, noise) in plain numbers: ``nll``
                                          and ``gradient`` stay finite there in float32
``examples(generator)``                   (prediction, noise) pairs in float64 over many orders
                                          of magnitude, for the certificate and the laws
``real_targets()``                        real data whose estimate an optimiser must reach
========================================  ====================================================

Shapes.  A scalar output: ``prediction``, ``target`` and every result have one shape.  A vector
output (K logits, or location and log-variance): ``prediction`` and ``gradient`` have the
target's shape and a last axis of K, ``curvature`` (the Hessian) has that axis twice.

Each function begins with one function of :mod:`mlebook.checks` that names the bad argument, and
does the arithmetic after it; a fitter skips that check at every step but the first
(:func:`mlebook.checks.once`).

``<slug>/derivations.py`` holds what is proved: ``STATEMENTS``; ``CLAIMS``, which of them carries
which check of the certificate; ``SYMBOLS``, how those statements call the arguments of ``nll``
(:mod:`mlebook.certificate.formula`).  Optional:

* ``terms(prediction, target, **noise)`` in the package: nll, gradient and curvature at once, where
  they share work; fitters then call it instead of the three;
* ``ROWS`` in the package: :class:`Row` s of the map of losses, where one is not enough;
* ``fit_weights(X, y)`` in the package: an exact linear fit, where there is one
  (:func:`mlebook.estimators.fit_linear`);
* ``<slug>/evidence.py`` with ``CHECKS``: checks of its own in place of those of the certificate.
"""
from typing import NamedTuple


class Row(NamedTuple):
    """One row of the map of losses, in words."""

    title: str
    noise: str
    output: str
    estimates: str
    use: str
