"""What holds for every test."""

from hypothesis import HealthCheck, settings

# No test asserts seconds: a busy machine is no failure.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

pytest_plugins = ("support.recipe_tests",)
