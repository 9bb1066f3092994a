"""What lessons 06 and 07 bring along: recorded races that are their own, and a C program that sums
what it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders
from course.exercises.workspace import fill

SLUGS = ("06-measuring-speed", "07-caches-and-blas")
LESSONS = {slug: (ROOT / "content" / "lessons" / f"{slug}.md").read_text("utf-8") for slug in SLUGS}
RECORDED = {
    slug: json.loads((ROOT / "lessons" / "recorded" / f"{slug}.json").read_text("utf-8"))
    for slug in SLUGS
}
SOURCE = ROOT / "lessons" / "sum_of_randoms.c"
WAYS = ("rand-array", "rand", "modern-array", "modern")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    made = tmp_path_factory.mktemp("c") / "sum_of_randoms"
    strict = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    subprocess.run([compiler, *strict, str(SOURCE), "-o", str(made)], check=True)
    return made


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_recorded_race_that_the_lesson_shows_was_recorded(slug: str) -> None:
    shown = set(re.findall(r'recorded\["([^"]+)"\]', LESSONS[slug]))
    if 'recorded[f"threads, {name}"]' in LESSONS[slug]:  # names that are made in their cell
        shown |= {"threads, product", "threads, dot"}
    assert shown == set(RECORDED[slug])


@pytest.mark.parametrize("slug", SLUGS)
def test_every_recorded_way_is_a_way_of_the_lesson(slug: str) -> None:
    text = LESSONS[slug].replace("_", " ")
    for key, race in RECORDED[slug].items():
        for name in race.get("seconds", {}):
            stem = name.split(", threads:")[0].split(" × ")[0].replace("_", " ")
            assert re.search(rf"\b{re.escape(stem)}", text), (key, name)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_recorded_race_names_its_machine_and_has_times_and_memory(slug: str) -> None:
    for key, race in RECORDED[slug].items():
        for words in ("NumPy", "kernel", "full size"):
            assert words in race["machine"], key
        if key == "C parts":
            assert all(race[part] > 0 for part in ("touch", "generate", "sum"))
        else:
            assert min(race["seconds"].values()) > 0, key
            assert set(race["peaks"]) == set(race["seconds"]), key


@pytest.mark.parametrize("way", WAYS)
def test_the_c_program_sums_random_numbers_between_0_and_1(program: Path, way: str) -> None:
    said = json.loads(run(program, way, "1000000").stdout)
    assert said["mean"] == pytest.approx(0.5, abs=0.005)
    assert said["generate"] > 0
    assert (said["sum"] > 0) == way.endswith("-array")


@pytest.mark.parametrize("kind", ["rand", "modern"])
def test_with_and_without_an_array_the_sum_is_the_same(program: Path, kind: str) -> None:
    with_array, without = (
        json.loads(run(program, way, "12345").stdout)["mean"] for way in (f"{kind}-array", kind)
    )
    assert with_array == without


def test_the_modern_generator_is_xoshiro256_plus_plus_seeded_by_splitmix64(program: Path) -> None:
    assert json.loads(run(program, "modern", "1000").stdout)["mean"] == pytest.approx(
        sum(xoshiro(seed=1, count=1000)) / 1000, rel=1e-14
    )


def xoshiro(seed: int, count: int) -> list[float]:
    """Return the first numbers of the generator, computed with Python's integers."""
    mask = (1 << 64) - 1
    state = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        state.append(z ^ (z >> 31))

    def rotated(x: int, by: int) -> int:
        return ((x << by) | (x >> (64 - by))) & mask

    numbers = []
    for _ in range(count):
        a, b, c, d = state
        numbers.append(((rotated((a + d) & mask, 23) + a) & mask) >> 11)
        c, d = c ^ a, d ^ b
        state = [a ^ d, b ^ c, c ^ ((b << 17) & mask), rotated(d, 45)]
    return [number / 2**53 for number in numbers]


@pytest.mark.parametrize(
    "arguments", [(), ("rand",), ("rand", "0"), ("rand", "1x"), ("randy", "5"), ("rand", "9" * 30)]
)
def test_the_c_program_says_how_it_is_called(program: Path, arguments: tuple[str, ...]) -> None:
    done = run(program, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("usage: sum_of_randoms")


def test_a_student_gets_the_program_and_the_figures_beside_the_lesson(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "lessons", tmp_path / "lessons")
    fill(Folders(tmp_path))
    work = tmp_path / "work" / "lessons"
    assert (work / "sum_of_randoms.c").read_bytes() == SOURCE.read_bytes()
    for slug, figures in RECORDED.items():
        file = work / "recorded" / f"{slug}.json"
        assert json.loads(file.read_text("utf-8")) == figures
