"""How properties are tried: the same bounded number of examples in every run."""

from hypothesis import HealthCheck, settings

bounded = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
fewer = settings(bounded, max_examples=40)  # where an example takes long to make
