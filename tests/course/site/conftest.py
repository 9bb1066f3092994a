"""What the tests of the extra pages share: a small course, built, with glossary and schedules."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.content.build import build
from course.render.course_map import load
from course.site.extra_pages import SitePages
from support.checkout import HEADER, make

ONE = """
# One

A puzzle about `a.T`.

## First *idea*

Words of the idea, with $x_1$ in them. A **stride** is a step.

$$\\sum_k s_k$$

```{code-cell}
:tags: [predict]

ss.predict("np.secret")
```

```{code-cell}
np.linalg.norm(x); ss.layout(a)
```

### Further in: more

+++ {"tags": ["further"]}

Folded words.

+++ {"tags": ["rules"]}

## The rules of this lesson

1. Strides count `bytes`, see [two](02-two.ipynb).

## Where to go from here

Not a rule.

+++ {"tags": ["quiz"]}

## Quiz

<details>
<summary>1. A question?</summary>

The answer.

</details>
"""
TWO = "\n# Two\n\n## Other\n\nText.\n"
GLOSSARY = """
stride: {means: "A step, in `bytes` & more.", lesson: 01-one, at: First idea}
later: {means: "Not yet.", lesson: 03-later, at: Somewhere}
"""
SCHEDULES = """
- name: One session
  minutes: 30
  sessions:
  - title: All of it
    parts:
    - {lesson: 01-one, at: [One, First idea]}
    - {lesson: 03-later, at: [Somewhere]}
"""


@pytest.fixture
def pages(tmp_path: Path) -> SitePages:
    folders = make(tmp_path, {"01-one": HEADER + ONE, "02-two": HEADER + TWO})
    course_yml = folders.content / "course.yml"
    course_yml.write_text(course_yml.read_text() + "- {slug: 03-later, title: L, about: A.}\n")
    (folders.content / "glossary.yml").write_text(GLOSSARY)
    (folders.content / "schedules.yml").write_text(SCHEDULES)
    build(folders, lessons_only=True)
    return SitePages(folders, load(course_yml, folders.lessons))
