"""`make html`: only what changed is done again, and a failure leaves the other pages as they
were."""

from __future__ import annotations

import io
import json
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders
from course.site import execute
from course.site.build import BESIDE, BuildResult, Site
from support.checkout import lesson_text, make, own_web, write_lesson
from support.patience import patience, wait_until

pytestmark = pytest.mark.slow

ONE, TWO = "01-one", "02-two"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A course of two lessons with its pages; to be copied."""
    root = tmp_path_factory.mktemp("made")
    made = make(root, {ONE: lesson_text("One", "1 + 1"), TWO: lesson_text("Two", "2 + 2")})
    outcome = build(made)
    assert outcome.errors == []
    assert sorted(outcome.ran) == [ONE, TWO]
    assert outcome.pages == 2
    return made


@pytest.fixture
def folders(made: Folders, tmp_path: Path) -> Folders:
    return Folders(Path(shutil.copytree(made.root, tmp_path / "course", symlinks=True)))


def build(folders: Folders) -> BuildResult:
    return Site(folders, say=lambda _line: None).build()


def page(folders: Folders, slug: str) -> str:
    return (folders.site / "lessons" / f"{slug}.html").read_text("utf-8")


def test_nothing_changed_does_nothing(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "run_lessons", lambda *_: pytest.fail("ran"))
    before = {file: file.stat().st_mtime_ns for file in folders.site.rglob("*") if file.is_file()}
    outcome = build(folders)
    assert (outcome.ran, outcome.rendered, outcome.pages) == ([], [], 2)
    after = {file: file.stat().st_mtime_ns for file in folders.site.rglob("*") if file.is_file()}
    assert after == before


def test_an_edited_template_renders_every_page_and_runs_nothing(folders: Folders) -> None:
    template = own_web(folders) / "templates" / "course" / "index.html.j2"
    template.write_text(template.read_text("utf-8") + "\n{# edited #}\n", "utf-8")
    outcome = build(folders)
    assert outcome.ran == []
    assert sorted(outcome.rendered) == sorted([ONE, TWO, *BESIDE])


def test_an_edited_lesson_runs_that_one(folders: Folders) -> None:
    other = page(folders, TWO)
    write_lesson(folders, ONE, lesson_text("One", "3 * 7"))
    outcome = build(folders)
    assert outcome.ran == [ONE]
    assert TWO not in outcome.rendered
    assert "21" in page(folders, ONE)
    assert page(folders, TWO) == other


def test_a_lesson_runs_again_when_a_file_that_it_names_changes_and_the_site_carries_the_file(
    folders: Folders,
) -> None:
    write_lesson(folders, ONE, lesson_text("One", "print(open('figures.json').read())"))
    figures = folders.lessons / "figures.json"
    figures.write_text("7", "utf-8")
    assert build(folders).ran == [ONE]
    assert (folders.site / "lessons" / "figures.json").read_text("utf-8") == "7"
    figures.write_text("8", "utf-8")
    outcome = build(folders)
    assert (outcome.ran, outcome.errors) == ([ONE], [])
    assert ">8" in page(folders, ONE)


def test_a_new_title_reaches_the_contents_of_every_page(folders: Folders) -> None:
    write_lesson(folders, ONE, lesson_text("Uno", "1 + 1"))
    outcome = build(folders)
    assert outcome.ran == [ONE]
    assert sorted(outcome.rendered) == sorted([ONE, TWO, *BESIDE])
    assert "Uno" in page(folders, TWO)


def test_a_failing_lesson_leaves_its_page_and_is_the_only_one_redone(folders: Folders) -> None:
    before = page(folders, ONE)
    write_lesson(folders, ONE, lesson_text("One", "1 / 0"))
    write_lesson(folders, TWO, lesson_text("Two", "40 + 2"))
    outcome = build(folders)
    assert [str(error).splitlines()[0] for error in outcome.errors] == [
        f"lessons/{ONE}.ipynb does not run:"
    ]
    assert page(folders, ONE) == before
    assert "42" in page(folders, TWO)
    again = build(folders)
    assert (again.ran, len(again.errors)) == ([], 1)
    write_lesson(folders, ONE, lesson_text("One", "5 * 5"))
    mended = build(folders)
    assert (mended.ran, mended.errors) == ([ONE], [])
    assert "25" in page(folders, ONE)


def test_a_page_that_cannot_be_rendered_is_left_as_it_was(folders: Folders) -> None:
    before = page(folders, ONE)
    write_lesson(
        folders, ONE, lesson_text("One", "from IPython.display import HTML\nHTML('<img>')")
    )
    outcome = build(folders)
    assert len(outcome.errors) == 1
    assert "alt" in str(outcome.errors[0])
    assert page(folders, ONE) == before
    assert [len(build(folders).errors), build(folders).ran] == [1, []]


def test_a_deleted_page_or_memory_comes_back(folders: Folders) -> None:
    (folders.site / "lessons" / f"{ONE}.html").unlink()
    assert build(folders).rendered == [ONE]
    (folders.build / "site.json").write_text("{ half a fi")
    outcome = build(folders)
    assert sorted(outcome.ran) == [ONE, TWO]


def test_a_removed_lesson_takes_its_page_along(folders: Folders) -> None:
    (folders.content / "lessons" / f"{TWO}.md").unlink()
    outcome = build(folders)
    assert outcome.pages == 1
    assert not (folders.site / "lessons" / f"{TWO}.html").exists()
    assert f"{TWO}.html" not in page(folders, ONE)


def test_an_edited_product_is_shown_as_it_is_and_said_to_be(folders: Folders) -> None:
    product = folders.lessons / f"{ONE}.ipynb"
    product.write_text(product.read_text("utf-8").replace("1 + 1", "6 * 9"), "utf-8")
    said: list[str] = []
    outcome = Site(folders, say=said.append).build()
    assert outcome.ran == [ONE]
    assert "54" in page(folders, ONE)
    assert f"make import NB=lessons/{ONE}.ipynb" in said[0]


def test_the_notebook_to_download_is_the_lesson_itself(folders: Folders) -> None:
    name = f"{ONE}.ipynb"
    given = (folders.site / "lessons" / name).read_bytes()
    assert given == (folders.lessons / name).read_bytes()


def test_a_file_that_was_copied_leaves_the_site_with_its_original(folders: Folders) -> None:
    for name in ("img/old.png", "exercises/01-one/old.csv"):
        (folders.root / name).parent.mkdir(parents=True, exist_ok=True)
        (folders.root / name).write_bytes(b"{}")
    write_lesson(folders, ONE, lesson_text("One", "1 + 11"))
    build(folders)
    copies = [folders.site / "img/old.png", folders.site / "exercises/01-one/old.csv"]
    assert all(copy.is_file() for copy in copies)
    for name in ("img/old.png", "exercises/01-one/old.csv"):
        (folders.root / name).unlink()
    write_lesson(folders, ONE, lesson_text("One", "1 + 12"))
    build(folders)
    assert not any(copy.is_file() for copy in copies)
    assert (folders.site / "exercises/index.html").is_file()


def test_a_style_that_the_course_no_longer_has_leaves_the_site(folders: Folders) -> None:
    old = [folders.site / "static" / name for name in ("old.css", "style-0123abcd.css")]
    for file in old:
        file.write_text("p {}")
    template = own_web(folders) / "templates" / "course" / "index.html.j2"
    template.write_text(template.read_text() + "<!-- edited -->")
    build(folders)
    assert [file for file in old if file.exists()] == []
    assert (folders.site / "static" / "search-index.js").is_file()
    assert (folders.site / "static" / "course.css").is_file()


def test_two_builds_of_the_same_lesson_give_the_same_page(folders: Folders) -> None:
    before = page(folders, ONE)
    (folders.build / "site.json").unlink()
    build(folders)
    assert page(folders, ONE) == before


def test_every_relative_link_of_the_real_pages_leads_to_a_file(real_site: Folders) -> None:
    for file in real_site.site.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#:]+)[#"]', file.read_text("utf-8")):
            assert (file.parent / link).resolve().is_file(), f"{file.name}: {link}"


def test_no_page_of_the_real_course_is_heavier_than_its_budget(real_site: Folders) -> None:
    for file in real_site.site.rglob("*.html"):
        drawn = re.sub(rb"data:image/[^\"]*", b"", file.read_bytes())
        assert len(drawn) <= 150_000, file.name
        without_pictures = re.sub(rb"(?s)<svg.*?</svg>", b"", drawn)
        assert len(without_pictures) <= 120_000, file.name
    folder = real_site.site / "static"
    static = {f.name: f.stat().st_size for f in folder.iterdir() if f.is_file()}
    page = {"fonts.css", "course.css", "lesson.css", "course.js", "covers.js", "host.js"}
    some = {"home.css", "home.js", "exercises.css", "extra_pages.css"}
    instruments = {name for name in static if name.startswith(("instru", "style"))}
    assert sum(static[name] for name in page | instruments) <= 150_000
    assert sum(static[name] for name in some) <= 18_000
    search = {"search.css", "search.js", "search-index.js"}  # loaded when it is opened
    assert sum(static[name] for name in search) <= 120_000
    states = {name for name in static if name.startswith("models")}
    assert max(static[name] for name in states) <= 60_000
    assert set(static) == page | some | search | instruments | states
    fonts = {file.name: file.stat().st_size for file in (folder / "fonts").iterdir()}
    assert fonts.pop("OFL.txt") < 6_000
    assert sum(fonts.values()) <= 110_000


def test_the_whole_site_as_a_zip_file_is_at_most_12_mb(real_site: Folders) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in real_site.site.rglob("*"):
            packed.write(file, file.relative_to(real_site.site))
    assert len(archive.getvalue()) <= 12_000_000


def test_each_lesson_stays_within_a_gigabyte(real_site: Folders) -> None:
    ran = sorted((real_site.build / "executed").glob("*.ipynb"))
    assert {file.stem for file in ran} >= {file.stem for file in real_site.lessons.glob("*.ipynb")}
    for file in ran:
        peak = json.loads(file.read_text("utf-8"))["metadata"]["peak_bytes"]
        assert peak is None or peak < 1e9, file.name


# In a separate process: playwright keeps an event loop running, and these tests start theirs.
PRINTED = """
    import sys
    from pathlib import Path
    from playwright.sync_api import sync_playwright
    page, pdf, chromium = sys.argv[1:]
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=quiet)
        tab = browser.new_page()
        tab.goto(Path(page).as_uri())
        tab.pdf(path=pdf, format="A4")
        browser.close()
"""


@pytest.mark.browser
def test_the_cheat_sheet_prints_on_two_sheets(real_site: Folders, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium on this machine; get it with `apt-get install chromium`")
    script, pdf = textwrap.dedent(PRINTED), tmp_path / "sheet.pdf"
    sheet = real_site.site / "cheat-sheet.html"
    command = [sys.executable, "-c", script, str(sheet), str(pdf), chromium]
    subprocess.run(command, check=True, timeout=patience(30))
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) <= 2


@pytest.fixture(scope="module")
def real_site() -> Folders:
    """The course itself, built as `make html` does."""
    folders = Folders(ROOT)
    assert Site(folders, say=lambda _line: None, live=True).build().errors == []
    return folders


INTERRUPTED = """
    import sys, time
    from pathlib import Path
    from jupyter_client.channels import HBChannel
    from course.core.paths import Folders
    from course.site.build import Site

    # a heartbeat that is stopped before its thread runs may never end (jupyter_client joins it)
    HBChannel.run = lambda self: time.sleep(60)
    Site(Folders(Path(sys.argv[1]))).build()
"""


def test_ctrl_c_leaves_the_old_pages_whole_and_the_next_build_goes_on(folders: Folders) -> None:
    before = {file: file.read_bytes() for file in folders.site.rglob("*") if file.is_file()}
    started = folders.lessons / "started"
    slow = "open('started', 'w').close()\nimport time\ntime.sleep(30)"
    write_lesson(folders, ONE, lesson_text("One", slow))
    write_lesson(folders, TWO, lesson_text("Two", "20 + 2"))
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED), str(folders.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # a test run that was itself started in the background ignores Ctrl-C; its child must not
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    try:
        wait_until(lambda: started.exists() or child.poll() is not None, "the lesson runs", 30)
        assert child.poll() is None
        child.send_signal(signal.SIGINT)
        assert child.wait(patience(10)) != 0
    finally:
        child.kill()
        child.wait()
    assert {file: file.read_bytes() for file in before} == before
    assert not list(folders.root.rglob("*.part"))
    write_lesson(folders, ONE, lesson_text("One", "10 + 1"))
    outcome = build(folders)
    assert outcome.errors == []
    assert ">11<" in page(folders, ONE)
    assert "22" in page(folders, TWO)
