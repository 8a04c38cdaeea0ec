"""What holds for every test."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Texts are compared without colours, in the log of a CI system as well
for _variable in ("FORCE_COLOR", "GITHUB_ACTIONS", "GITLAB_CI"):
    os.environ.pop(_variable, None)

# No test asserts seconds: a busy machine is no failure.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

pytest_plugins = ("support.recipe_tests",)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measure coverage by examples alone: random ones reach other lines each time, and measuring doubles their cost."""
    if config.pluginmanager.hasplugin("_cov"):
        for item in items:
            if item.get_closest_marker("hypothesis"):
                item.add_marker("no_cover")
