import os

from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.register_profile("mutation", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("wheel", max_examples=5, deadline=None, derandomize=True)
# Building a whole world takes a while on a slow machine, and is no reason to fail.
for _profile in ("dev", "ci", "nightly", "mutation", "wheel"):
    settings.register_profile(_profile, settings.get_profile(_profile), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
