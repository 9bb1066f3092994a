"""An example of hypothesis may take its time: a busy machine does not fail a test."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("stridescope", deadline=None)
settings.load_profile("stridescope")
