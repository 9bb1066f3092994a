"""The verbs that build notebooks and pages, and the one that opens them."""

from __future__ import annotations

import argparse
import sys
import time

from course.core.paths import Folders


def setup(_options: argparse.Namespace) -> int:
    """Create .venv with everything that the course needs."""
    print("Ready. Next: `make html` for the pages, `make lab` to work in the notebooks.")
    return 0


def html(options: argparse.Namespace) -> int:
    """Build the site in _site/ from the lessons."""
    from course.site.build import Site

    started = time.monotonic()
    folders = Folders()
    # a student's copy has no vendor/: its pages are to read, and its notebooks are to run
    live = not options.plain and (folders.root / "vendor" / "pyodide").is_dir()
    site = Site(folders, live=live, with_matplotlib=live and options.full)
    outcome = site.build(jobs=options.jobs)
    for error in outcome.errors:
        print(error, file=sys.stderr)
    took = f"{time.monotonic() - started:.1f} s"
    if outcome.errors:
        print(
            "The other pages are in _site/. The next run repeats only what failed.", file=sys.stderr
        )
        return 1
    done = (
        f"{len(outcome.ran)} run, {len(outcome.rendered)} rendered"
        if outcome.rendered
        else "nothing changed"
    )
    count = pages(outcome.pages)
    print(f"_site/ has {count} and an index ({done}, {took}). Open _site/index.html.")
    return 0


def pages(count: int) -> str:
    """Return `1 lesson` or `7 lessons`."""
    return f"{count} lesson{'' if count == 1 else 's'}"


def jupyterlite(_options: argparse.Namespace) -> int:
    """Build JupyterLite with the lessons and exercises, to be served by any static host."""
    from course.live.jupyterlite import JupyterLite

    site = JupyterLite(Folders()).build()
    where = Folders().relative(site)
    print(f"{where} is ready. It needs a server: python -m http.server -d {where}")
    return 0


def lab(options: argparse.Namespace) -> int:
    """Open JupyterLab on your own copies in work/."""
    from course.exercises.workspace import lab as open_lab

    return open_lab(Folders(), options.options)


def notebooks(_options: argparse.Namespace) -> int:
    """Build lessons/, colab/, solutions/ and exercises/ from content/."""
    from course.content.build import build

    folders = Folders()
    report = build(folders)
    for file in report.written:
        print(f"wrote {folders.relative(file)}")
    for file in report.removed:
        print(f"removed {folders.relative(file)}, because its source was deleted")
    if not report.written and not report.removed:
        print(f"All {report.built} notebooks are up to date with content/.")
    return 0


def myths(_options: argparse.Namespace) -> int:
    """Write the links on the myths page, and docs/myths.md, from content/myths.yml."""
    from course.content.myths import write

    folders = Folders()
    written = write(folders)
    for file in written:
        print(f"wrote {folders.relative(file)}")
    if not written:
        print("The myths page and docs/myths.md are up to date with content/myths.yml.")
    return 0


def import_(options: argparse.Namespace) -> int:
    """Turn an edited notebook back into its source in content/."""
    from course.content.import_notebook import import_notebook

    folders = Folders()
    source, changed = import_notebook(folders, options.notebook)
    done = "wrote" if changed else "nothing to do for"
    print(f"{done} {folders.relative(source)}. Next: review the change, then run `make notebooks`.")
    return 0
