"""One module per noise model; the module's name is also its chapter's and exercise's.

Each module offers the same names, so that one test, one certificate and one fitter serve all.
``noise`` below stands for the noise model's further parameters, named in ``NOISE_PARAMETERS``
(for squared error: ``scale``).

=====================================  =========================================================
``nll(prediction, target, **noise)``   −log density, elementwise, constants kept, in nats
``loss(prediction, target)``           the textbook loss, elementwise
``gradient(…)``, ``curvature(…)``      first and second derivative of ``nll`` by the prediction
``sample(prediction, …, generator)``   random targets from the noise model
``estimate(target)``                   maximum likelihood estimate without inputs
``estimate_noise(prediction, target)`` … of the noise parameters, given the predictions
``reference(prediction, **noise)``     the same law in ``torch.distributions``, for the checks
``SLUG, TITLE, NOISE, SUPPORT, …``     facts in words, for the table of losses
=====================================  =========================================================
"""
