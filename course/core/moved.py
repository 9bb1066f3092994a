"""Lessons and exercises that have another name now: the old one, and the new one.

The site keeps a page at each old address (`course/site/redirects.py`), and students' answers are
copied to the new place (`course/exercises/moved_work.py`).
"""

from __future__ import annotations

LESSONS = {
    "03-views-and-copies": "04-views-and-copies",
    "04-speed": "06-measuring-speed",
    "05-stride-tricks-and-convolution": "08-stride-tricks-and-convolution",
    "06-arrays-without-borders": "09-arrays-without-borders",
}
"""Old slug → new slug. A lesson that was divided leads to its first part."""
EXERCISES = {
    "02-strides/after-slice": "04-views/after-slice",
    "02-strides/mini-take": "04-views/mini-take",
    "02-strides/strides-of": "03-reshape/strides-of",
    "03-views/aliasing-bugs": "04-views/aliasing-bugs",
    "03-views/find-slice": "04-views/find-slice",
    "03-views/may-overlap": "04-views/may-overlap",
    "03-views/mergeable": "03-reshape/mergeable",
    "03-views/mini-reshaped": "03-reshape/mini-reshaped",
    "03-views/mini-transposed": "02-strides/mini-transposed",
    "03-views/trim": "04-views/trim",
    "03-views/view-or-copy": "04-views/view-or-copy",
    "03-views/why": "04-views/why",
    "04-speed/chunked-stats": "06-speed/chunked-stats",
    "04-speed/mini-runs": "07-caches/mini-runs",
    "04-speed/norm": "06-speed/norm",
    "04-speed/random-sum": "06-speed/random-sum",
    "04-speed/standardize": "07-caches/standardize",
    "04-speed/why": "06-speed/why",
    "05-tricks/block-sum": "08-tricks/block-sum",
    "05-tricks/correlate": "08-tricks/correlate",
    "05-tricks/diagonal": "08-tricks/diagonal",
    "05-tricks/mini-broadcasted": "05-broadcasting/mini-broadcasted",
    "05-tricks/mini-windowed": "08-tricks/mini-windowed",
    "05-tricks/moving-average": "08-tricks/moving-average",
    "05-tricks/stretch": "05-broadcasting/stretch",
    "05-tricks/transpose": "08-tricks/transpose",
    "05-tricks/why": "08-tricks/why",
    "05-tricks/wide": "08-tricks/wide",
    "05-tricks/windows": "08-tricks/windows",
    "06-capstone/why": "09-capstone/why",
    "06-capstone/your-ndarray": "09-capstone/your-ndarray",
}
"""Old place (assignment/task) → new place."""


def addresses() -> dict[str, str]:
    """Return the old pages and the new ones, as paths in the site."""
    lessons = {f"lessons/{old}.html": f"lessons/{new}.html" for old, new in LESSONS.items()}
    return lessons | {
        f"exercises/{old}.html": f"exercises/{new}.html" for old, new in EXERCISES.items()
    }
