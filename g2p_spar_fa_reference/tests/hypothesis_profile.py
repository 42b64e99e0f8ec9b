"""Properties are tried on the same examples in each run, on slow machines too."""

from hypothesis import settings

settings.register_profile("spar", deadline=None, derandomize=True, database=None)
settings.load_profile("spar")
