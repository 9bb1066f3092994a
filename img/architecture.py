"""Draw the three pictures of `docs/architecture.md` as SVG: `python img/architecture.py`.

Each picture is a list of boxes and arrows at fixed places. Text of the class `room` names a folder
or a module of this repository, and a test checks that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
WIDTH = 880
LINE = 18
"""Distance between two lines of text in a box, in px."""
MIDDLE = 5
"""From the middle of a line of text down to its baseline, in px."""

STYLE = """
  .page { fill: #fffdf9 }
  .area { fill: #f6f2ea; stroke: #e5dfd3 }
  .box { fill: #fffdf9; stroke: #8b857a }
  .store { fill: #f6f2ea; stroke: #8b857a; stroke-dasharray: 4 3 }
  .closed { fill: none; stroke: #98162e; stroke-width: 1.5; stroke-dasharray: 6 4 }
  text { font: 13px system-ui, "Segoe UI", Roboto, sans-serif; fill: #1d2127 }
  .title { font-weight: 650 }
  .room { font: 600 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
          fill: #174a94 }
  .soft { fill: #5b6470 }
  .warn { fill: #98162e }
  .arrow { fill: none; stroke: #5b6470; stroke-width: 1.5 }
  .tip { fill: #5b6470 }
  .number { fill: #174a94 }
  .digit { fill: #fffdf9; font-weight: 650 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #16181c }
    .area { fill: #1e2228; stroke: #30353d }
    .box { fill: #16181c; stroke: #6f7781 }
    .store { fill: #1e2228; stroke: #6f7781 }
    .closed { stroke: #ef7b68 }
    text { fill: #e4e2dc }
    .room { fill: #9ad2ff }
    .soft { fill: #a3abb6 }
    .warn { fill: #ef7b68 }
    .arrow { stroke: #a3abb6 }
    .tip { fill: #a3abb6 }
    .number { fill: #9ad2ff }
    .digit { fill: #16181c }
  }
"""

STEPS = (
    ("/notebook/parse.py", "within limits"),
    ("/grading/rebuild.py", "answers put into the", "instructor's notebook"),
    ("/grading/engine.py", "runs the cells"),
    ("/grading/score.py", "records become points"),
    ("/notebook/sanitize.py", "outputs made inert"),
)
"""What a worker does with a notebook, one module after another."""

TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    'markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
    '<path class="tip" d="M0 0 L8 4 L0 8 z"/></marker></defs>'
)

Point = tuple[float, float]


@dataclass
class Picture:
    """One picture, drawn element by element.

    Parameters
    ----------
    name : str
        Of the file, without `.svg`.
    title, description : str
        What a screen reader says.
    height : int
        In px.
    """

    name: str
    title: str
    description: str
    height: int

    def __post_init__(self) -> None:
        self.parts: list[str] = []

    def area(self, x: float, y: float, width: float, height: float, title: str) -> None:
        """Draw a background that groups boxes, with its title at the top left."""
        self._rect("area", x, y, width, height)
        self.text(x + 12, y + 20, title, "title")

    def fence(self, x: float, y: float, width: float, height: float, title: str) -> None:
        """Draw a dashed line around what a sandbox encloses, with its title at the bottom."""
        self._rect("closed", x, y, width, height)
        self.text(x + width / 2, y + height - 10, title, "warn", anchor="middle")

    def box(
        self, x: float, y: float, width: float, height: float, *lines: str, kind: str = "box"
    ) -> None:
        """Draw a box with centered lines; a line that begins with `/` names a room."""
        self._rect(kind, x, y, width, height)
        top = y + height / 2 - (len(lines) - 1) * LINE / 2 + MIDDLE
        for number, line in enumerate(lines):
            room = line.startswith("/")
            words, style = (line[1:], "room") if room else (line, "soft" if number else "title")
            self.text(x + width / 2, top + number * LINE, words, style, anchor="middle")

    def arrow(self, *points: Point, both: bool = False) -> None:
        """Draw a line through points, with a tip at its end (and, if `both`, at its start)."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        start = ' marker-start="url(#tip)"' if both else ""
        self.parts.append(
            f'<polyline class="arrow" points="{path}"{start} marker-end="url(#tip)"/>'
        )

    def text(self, x: float, y: float, words: str, style: str = "", anchor: str = "start") -> None:
        """Write one line of text."""
        self.parts.append(
            f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def label(self, x: float, y: float, words: str) -> None:
        """Write on an arrow."""
        self.text(x, y, words, "soft", anchor="middle")

    def number(self, x: float, y: float, digit: int) -> None:
        """Mark a border with the number that it has in the table below the picture."""
        self.parts.append(f'<circle class="number" cx="{x:g}" cy="{y:g}" r="10"/>')
        self.text(x, y + MIDDLE, str(digit), "digit", anchor="middle")

    def _rect(self, style: str, x: float, y: float, width: float, height: float) -> None:
        radius = 8 if style in {"area", "closed"} else 4
        self.parts.append(
            f'<rect class="{style}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'rx="{radius}"/>'
        )

    def svg(self) -> str:
        """Return the file."""
        size = f'viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" height="{self.height}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">',
                f'<title id="t">{escape(self.title)}</title>',
                f'<desc id="d">{escape(self.description)}</desc>',
                f"<style>{STYLE}</style>",
                TIP,
                f'<rect class="page" width="{WIDTH}" height="{self.height}"/>',
                *self.parts,
                "</svg>\n",
            ]
        )


def submission() -> Picture:
    """Return the way of a submission through the rooms of the grader."""
    picture = Picture(
        "architecture-submission",
        "The way of a submission through the rooms of nbgrader_isolate",
        "Once per assignment, planning turns the instructor's notebooks into a plan. In a run, "
        "intake reads a submission and makes a task, runs sends it to a worker. The worker parses "
        "the notebook, rebuilds it, runs it in sandboxed processes, scores it and cleans the "
        "outputs. The result goes back to the run, whose gradebook room records it. Feedback and "
        "report read what was recorded.",
        710,
    )
    picture.area(10, 10, 860, 116, "Once per assignment")
    picture.box(30, 44, 210, 64, "the instructor's", "notebooks, gradebook cells", kind="store")
    picture.arrow((240, 76), (290, 76))
    picture.box(290, 44, 260, 64, "/planning", "what is graded, where each test runs")
    picture.arrow((550, 76), (600, 76))
    picture.box(600, 44, 230, 64, "AssignmentPlan", ".autograder/ps1.json", kind="store")

    picture.area(10, 140, 860, 120, "The run: one process, the only one that writes")
    picture.box(30, 174, 120, 68, "submitted/", "ada/ps1/", kind="store")
    picture.arrow((150, 208), (180, 208))
    picture.box(180, 174, 150, 68, "/intake", "files by name and", "size, never links")
    picture.arrow((330, 208), (390, 208))
    picture.label(359, 200, "Task")
    picture.box(390, 174, 130, 68, "/runs", "hands out tasks")
    picture.arrow((520, 208), (580, 208))
    picture.label(549, 200, "Result")
    picture.box(580, 174, 136, 68, "/gradebook", "a transaction", "per submission")
    picture.arrow((716, 208), (740, 208))
    picture.box(740, 174, 118, 68, "gradebook.db", "autograded/", kind="store")
    picture.arrow((715, 108), (715, 133), (455, 133), (455, 174))

    picture.area(10, 300, 860, 120, "A worker: reads strangers' notebooks, writes nothing")
    x = 22
    for number, lines in enumerate(STEPS):
        picture.box(x, 336, 156, 68, *lines)
        if number:
            picture.arrow((x - 14, 370), (x, 370))
        x += 170
    picture.arrow((425, 242), (425, 284), (120, 284), (120, 336))
    picture.label(270, 279, "framed JSON")
    picture.arrow((780, 336), (780, 284), (485, 284), (485, 242))
    picture.label(640, 279, "framed JSON")

    picture.area(10, 464, 860, 112, "Sandboxed processes")
    picture.box(22, 500, 156, 64, "/sandbox", "limits what they can do")
    picture.box(192, 500, 156, 64, "/forkserver", "starts them by forking", "a warm process")
    picture.box(362, 500, 156, 64, "student's kernel", "runs the student's cells")
    picture.arrow((518, 526), (702, 526), both=True)
    picture.label(610, 518, "plain data")
    picture.text(610, 548, "bridge", "room", anchor="middle")
    picture.box(702, 500, 156, 64, "test process", "runs the tests")
    picture.arrow((425, 404), (425, 500), both=True)
    picture.arrow((455, 404), (455, 442), (780, 442), (780, 500), both=True)

    picture.area(10, 590, 860, 112, "Afterwards, whenever asked")
    picture.box(22, 624, 220, 64, "gradebook.db", "autograded/, .autograder/", kind="store")
    picture.arrow((242, 656), (310, 656))
    picture.box(310, 624, 220, 64, "/feedback", "a page for each notebook")
    picture.arrow((242, 640), (276, 640), (276, 608), (700, 608), (700, 624))
    picture.box(590, 624, 220, 64, "/report", "summary, marks as CSV")
    return picture


def processes() -> Picture:
    """Return the processes of a run, and the borders between them."""
    picture = Picture(
        "architecture-processes",
        "The processes of a run and the borders between them",
        "The run talks to its workers over pipes (1). A worker asks the warm process for children "
        "(2), which the warm process forks (3): a student's kernel and a test process, each in a "
        "sandbox of its own. The worker sends cells to the kernel (4) and to the test process (5). "
        "Test process and kernel exchange plain data over the bridge (6).",
        584,
    )
    picture.area(10, 10, 860, 126, "Outside the sandbox, with the instructor's rights")
    picture.box(60, 46, 250, 74, "run", "reads the course, writes", "gradebook and folders")
    picture.arrow((310, 83), (540, 83), both=True)
    picture.label(425, 66, "pipes: framed JSON")
    picture.number(425, 83, 1)
    picture.box(540, 46, 250, 74, "worker", "one for up to four submissions", "at a time")

    picture.fence(10, 196, 860, 378, "Sandbox, ended by its supervisor when the worker ends")
    picture.box(
        540, 240, 250, 70, "warm process", "imports once and forks;", "runs no student's code"
    )
    picture.arrow((665, 120), (665, 240), both=True)
    picture.text(684, 166, "JSON, descriptors", "soft")
    picture.number(665, 162, 2)

    picture.fence(30, 392, 340, 156, "Namespaces, limits, filter of its own")
    picture.box(
        60,
        412,
        280,
        104,
        "student's kernel",
        "a Jupyter kernel: the instructor's",
        "plain cells, the student's cells,",
        "in-process tests",
    )
    picture.fence(510, 392, 310, 156, "Namespaces, limits, filter of its own")
    picture.box(
        540,
        412,
        250,
        104,
        "test process",
        "plain Python: the instructor's",
        "plain cells, isolated tests",
    )

    picture.arrow((665, 310), (665, 412))
    picture.text(684, 350, "fork", "soft")
    picture.arrow((540, 275), (290, 275), (290, 412))
    picture.label(415, 262, "fork")
    picture.number(415, 275, 3)

    picture.arrow((590, 120), (590, 162), (110, 162), (110, 412), both=True)
    picture.label(350, 184, "Jupyter messages over Unix sockets, signed")
    picture.number(350, 162, 4)
    picture.arrow((790, 83), (846, 83), (846, 464), (790, 464), both=True)
    picture.number(846, 340, 5)
    picture.arrow((340, 464), (540, 464), both=True)
    picture.label(440, 426, "the bridge: JSON,")
    picture.label(440, 443, "bytes of arrays")
    picture.number(440, 464, 6)
    return picture


def lesson() -> Picture:
    """Return the way of a lesson from its text to a page."""
    picture = Picture(
        "architecture-lesson",
        "The way of a lesson from text to notebook to page",
        "Texts in content are built into notebooks without outputs, which are committed. Building "
        "the site runs the lessons that changed and renders pages from the executed notebooks. "
        "Exercises are what nbgrader releases from the solutions.",
        470,
    )
    picture.area(10, 10, 860, 214, "make notebooks: from text to committed notebooks")
    picture.box(30, 46, 190, 64, "content/lessons/", "MyST Markdown", kind="store")
    picture.box(30, 140, 190, 64, "content/solutions/", "MyST Markdown", kind="store")
    picture.box(300, 90, 230, 70, "/course/content", "checks, builds, stamps a digest")
    picture.arrow((220, 78), (260, 78), (260, 115), (300, 115))
    picture.arrow((220, 172), (260, 172), (260, 135), (300, 135))
    picture.box(640, 40, 190, 52, "lessons/", "no outputs", kind="store")
    picture.box(640, 102, 190, 52, "solutions/", "answers, hidden tests", kind="store")
    picture.box(640, 164, 190, 52, "exercises/", "what students get", kind="store")
    for y in (66, 128, 190):
        picture.arrow((530, 125), (585, 125), (585, y), (640, y))

    picture.area(10, 240, 860, 220, "make html: from notebook to page")
    picture.box(30, 286, 190, 70, "/course/site", "runs what changed, in", "kernels of its own")
    picture.arrow((830, 66), (850, 66), (850, 270), (125, 270), (125, 286))
    picture.arrow((220, 321), (300, 321))
    picture.box(
        300,
        286,
        230,
        70,
        "_build/executed/",
        "outputs: static SVG, and the",
        "state of live instruments",
        kind="store",
    )
    picture.arrow((530, 321), (600, 321))
    picture.box(600, 286, 230, 70, "/course/render", "nbconvert with web/templates")
    picture.box(30, 382, 190, 58, "/stridescope", "draws inside the kernel")
    picture.arrow((125, 382), (125, 356))
    picture.arrow((715, 356), (715, 382))
    picture.box(600, 382, 230, 58, "_site/", "pages, no network, no kernel", kind="store")
    picture.box(300, 382, 230, 58, "web/static/host.js", "brings instruments to life")
    picture.arrow((530, 411), (600, 411))
    return picture


def main() -> None:
    """Write the pictures beside this file."""
    for picture in (submission(), processes(), lesson()):
        (HERE / f"{picture.name}.svg").write_text(picture.svg(), "utf-8")


if __name__ == "__main__":
    main()
