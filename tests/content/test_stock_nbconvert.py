"""A lesson is an ordinary notebook: stock nbconvert runs and exports it with no code of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from course.core.paths import ROOT
from support.patience import patience

LESSON = ROOT / "lessons" / "02-memory-layout-and-strides.ipynb"
WAYS = {
    "classic": ["--to", "html", "--template", "classic"],
    "lab": ["--to", "html", "--template", "lab"],
    "slides": ["--to", "slides"],
}


@pytest.mark.sample("lab")
@pytest.mark.slow
@pytest.mark.parametrize("way", list(WAYS))
def test_a_lesson_exports_with_its_pictures(tmp_path: Path, way: str) -> None:
    command = [sys.executable, "-m", "nbconvert", str(LESSON), *WAYS[way], "--execute"]
    done = subprocess.run(
        [*command, "--output-dir", str(tmp_path), "--output", "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=patience(60),
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (page,) = tmp_path.glob("out*.html")
    text = page.read_text("utf-8")
    assert text.count('role="img"') >= 10
    assert "byte <b>40</b>" in text
    assert "np.ndarray(" in text
