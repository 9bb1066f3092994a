"""Draw the three pictures of `docs/architecture.md` as SVG: `python img/architecture.py`.

Each picture is a list of boxes and arrows at fixed places. Text of the class `room` names a folder
or a module of this repository, and a test checks that it exists. The pictures are narrow and their
text is large, so that they can be read on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
WIDTH = 600
LINE = 22
"""Distance between two lines of text in a box, in px."""
MIDDLE = 6
"""From the middle of a line of text down to its baseline, in px."""

STYLE = """
  .page { fill: #fffdf9 }
  .area { fill: #f6f2ea; stroke: #e5dfd3 }
  .box { fill: #fffdf9; stroke: #8b857a }
  .store { fill: #f6f2ea; stroke: #8b857a; stroke-dasharray: 4 3 }
  .closed { fill: none; stroke: #98162e; stroke-width: 1.5; stroke-dasharray: 6 4 }
  text { font: 16px system-ui, "Segoe UI", Roboto, sans-serif; fill: #1d2127 }
  .title { font-weight: 650 }
  .room { font: 600 15px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
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
        self.text(x + 12, y + 24, title, "title")

    def fence(self, x: float, y: float, width: float, height: float, *lines: str) -> None:
        """Draw a dashed line around what a sandbox encloses, with its title at the bottom."""
        self._rect("closed", x, y, width, height)
        for number, line in enumerate(reversed(lines)):
            low = y + height - 12 - number * LINE
            self.text(x + width / 2, low, line, "warn", anchor="middle")

    def legend(self, y: float, *, sandbox: bool) -> None:
        """Explain the kinds of boxes and text, below the picture."""
        self.text(14, y + 17, "folder/", "room sample")
        self.text(84, y + 17, "folder or module", "soft")
        self._rect("store", 232, y, 34, 24)
        self.text(276, y + 17, "stored data", "soft")
        if sandbox:
            self._rect("closed", 384, y, 34, 24)
            self.text(428, y + 17, "sandbox", "soft")

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
        self.parts.append(f'<circle class="number" cx="{x:g}" cy="{y:g}" r="12"/>')
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
    """Return how a submission passes through the rooms of the grader."""
    picture = Picture(
        "architecture-submission",
        "How a submission is graded, by the folders of nbgrader_isolate",
        "Once per assignment, planning turns the instructor's notebooks into a plan. In a run, "
        "intake reads a submission and makes a task, and runs sends it to a worker. The worker "
        "parses the notebook, rebuilds it, runs it in sandboxed processes, scores it and cleans "
        "the outputs. The result goes back to the run, which records it in the gradebook. Feedback "
        "and report read what was recorded.",
        1224,
    )
    picture.area(10, 10, 580, 138, "Once per assignment")
    picture.box(22, 46, 138, 86, "Notebooks", "and cells of", "the gradebook", kind="store")
    picture.arrow((160, 89), (184, 89))
    picture.box(184, 46, 186, 86, "/planning", "what is graded,", "where each test runs")
    picture.arrow((370, 89), (394, 89))
    picture.box(394, 46, 184, 86, "AssignmentPlan", ".autograder/ps1.json", kind="store")

    picture.area(10, 164, 580, 242, "The run: the process that records results")
    picture.box(22, 200, 142, 84, "submitted/", "ada/ps1/", kind="store")
    picture.arrow((164, 242), (190, 242))
    picture.box(190, 200, 180, 84, "/intake", "files by name and", "size, never links")
    picture.arrow((370, 242), (440, 242))
    picture.label(402, 234, "Task")
    picture.box(440, 200, 138, 190, "/runs", "hands out", "tasks, replaces", "lost workers")
    picture.arrow((510, 132), (510, 200))
    picture.arrow((440, 348), (370, 348))
    picture.label(406, 340, "Result")
    picture.box(190, 306, 180, 84, "/gradebook", "one transaction", "per submission")
    picture.arrow((190, 348), (164, 348))
    picture.box(22, 306, 142, 84, "gradebook.db", "autograded/", kind="store")

    _worker(picture)

    picture.area(10, 1018, 580, 158, "Afterwards, on request")
    picture.box(22, 1054, 190, 106, "gradebook.db", "autograded/", ".autograder/", kind="store")
    picture.arrow((212, 1078), (270, 1078))
    picture.box(270, 1054, 308, 48, "/feedback", "a page for each notebook")
    picture.arrow((212, 1136), (270, 1136))
    picture.box(270, 1112, 308, 48, "/report", "summary, grades as CSV")
    picture.legend(1188, sandbox=True)
    return picture


def _worker(picture: Picture) -> None:
    """Draw the worker, one module after another, and the processes that it uses."""
    picture.area(10, 446, 580, 268, "A worker")
    picture.arrow((460, 390), (460, 426), (150, 426), (150, 482))
    picture.arrow((540, 482), (540, 390))
    picture.box(22, 482, 262, 56, "/notebook/parse.py", "within limits")
    picture.arrow((150, 538), (150, 560))
    picture.box(22, 560, 262, 76, "/grading/rebuild.py", "answers, in the", "instructor's notebook")
    picture.arrow((150, 636), (150, 658))
    picture.box(22, 658, 556, 44, "/grading/engine.py", "runs the cells")
    picture.arrow((450, 658), (450, 636))
    picture.box(316, 560, 262, 76, "/grading/score.py", "what happened", "becomes points")
    picture.arrow((450, 560), (450, 538))
    picture.box(316, 482, 262, 56, "/notebook/sanitize.py", "makes outputs harmless")

    picture.fence(10, 740, 580, 262)
    picture.arrow((130, 702), (130, 772), both=True)
    picture.arrow((470, 702), (470, 772), both=True)
    picture.box(30, 772, 210, 62, "student's kernel", "the student's cells")
    picture.box(360, 772, 210, 62, "test process", "isolated tests")
    picture.arrow((240, 803), (360, 803), both=True)
    picture.text(300, 792, "bridge", "room", anchor="middle")
    picture.label(300, 826, "plain data")
    picture.box(180, 870, 240, 78, "warm process", "/forkserver", "forks the other two")
    picture.arrow((180, 909), (130, 909), (130, 834))
    picture.arrow((420, 909), (470, 909), (470, 834))
    picture.text(106, 984, "sandbox", "room")
    picture.text(178, 984, "limits what these processes can do", "warn")


def processes() -> Picture:
    """Return the processes of a run, and the borders between them."""
    picture = Picture(
        "architecture-processes",
        "The processes of a run and the borders between them",
        "The run talks to its workers over pipes (1). A worker starts a supervisor, which starts "
        "the sandbox and kills everything in it when the worker exits. The worker asks the warm "
        "process for children (2), which the warm process forks (3): a student's kernel and a test "
        "process, each in a sandbox of its own. The worker sends cells to the kernel (4) and to "
        "the test process (5). Test process and kernel exchange plain data over the bridge (6).",
        1016,
    )
    picture.area(10, 10, 580, 240, "Outside the sandbox, with the instructor's rights")
    picture.box(30, 46, 240, 84, "worker", "grades up to four", "submissions at a time")
    picture.arrow((350, 88), (270, 88), both=True)
    picture.number(310, 88, 1)
    picture.box(350, 46, 222, 84, "run", "reads the course,", "records the results")
    picture.box(350, 152, 222, 84, "supervisor", "kills the whole sandbox", "when the worker exits")
    picture.arrow((260, 130), (260, 194), (350, 194))
    picture.arrow((480, 236), (480, 280))

    picture.fence(10, 280, 580, 546, "Sandbox")
    picture.box(
        130,
        350,
        330,
        84,
        "warm process",
        "imports everything once and forks;",
        "runs no student code",
    )
    picture.arrow((215, 130), (215, 350), both=True)
    picture.number(215, 262, 2)
    picture.arrow((160, 434), (160, 530))
    picture.number(160, 470, 3)
    picture.arrow((420, 434), (420, 530))
    picture.number(420, 470, 3)
    picture.arrow((60, 130), (60, 530), both=True)
    picture.number(60, 262, 4)
    picture.arrow((240, 130), (240, 318), (540, 318), (540, 530), both=True)
    picture.number(540, 392, 5)

    own = ("Its own namespaces,", "limits and filter")
    picture.fence(22, 506, 256, 280, *own)
    picture.box(
        36,
        530,
        228,
        190,
        "student's kernel",
        "a Jupyter kernel that runs",
        "instructor's plain cells,",
        "the student's cells,",
        "in-process tests",
    )
    picture.fence(322, 506, 256, 280, *own)
    picture.box(
        336,
        530,
        228,
        190,
        "test process",
        "plain Python that runs",
        "instructor's plain cells,",
        "isolated tests",
    )
    picture.arrow((264, 625), (336, 625), both=True)
    picture.number(300, 625, 6)

    for number, words in enumerate(BORDERS):
        y = 852 + number * 25
        picture.number(28, y, number + 1)
        picture.text(50, y + MIDDLE, words, "soft")
    return picture


BORDERS = (
    "pipes, with JSON in frames",
    "JSON, with file descriptors attached",
    "fork; the child then enters a sandbox of its own",
    "signed Jupyter messages over Unix sockets",
    "JSON: cells in, outcomes out",
    "the bridge: JSON, and the bytes of arrays",
)
"""What crosses each border between processes, in the order of their numbers."""


def lesson() -> Picture:
    """Return how a lesson becomes a page."""
    picture = Picture(
        "architecture-lesson",
        "How a lesson becomes a page",
        "Texts in content are built into notebooks without outputs, which are committed. Building "
        "the site runs the lessons that changed, each in a kernel in which stridescope draws, and "
        "renders pages from the executed notebooks. Scripts in the pages make the instruments "
        "interactive, and run cells with a Python that is packed into the site. The grader uses "
        "solutions, and students work in copies of the exercises.",
        1010,
    )
    picture.area(10, 10, 580, 330, "make notebooks")
    picture.box(40, 46, 240, 60, "content/lessons/", "MyST Markdown", kind="store")
    picture.box(320, 46, 240, 60, "content/solutions/", "MyST Markdown", kind="store")
    picture.arrow((200, 106), (200, 134))
    picture.arrow((400, 106), (400, 134))
    picture.box(150, 134, 300, 60, "/course/content", "checks, builds, stores a digest")
    picture.arrow((190, 194), (190, 212), (105, 212), (105, 230))
    picture.arrow((300, 194), (300, 230))
    picture.arrow((410, 194), (410, 212), (495, 212), (495, 230))
    picture.box(22, 230, 170, 92, "lessons/", "no outputs", kind="store")
    picture.box(
        215, 230, 170, 92, "solutions/", "with hidden tests:", "for the grader", kind="store"
    )
    picture.box(408, 230, 170, 92, "exercises/", "copied to work/", "by make lab", kind="store")

    picture.area(10, 360, 580, 600, "make html")
    picture.arrow((150, 322), (150, 400))
    picture.box(22, 400, 240, 84, "/course/site", "runs what changed and", "keeps the outputs")
    picture.arrow((262, 442), (338, 442))
    picture.box(338, 400, 240, 84, "a kernel for each lesson", "/stridescope", "draws in it")
    picture.arrow((458, 484), (458, 520))
    picture.box(
        338,
        520,
        240,
        84,
        "_build/executed/",
        "outputs: static SVG, and",
        "the state of instruments",
        kind="store",
    )
    picture.arrow((338, 562), (262, 562))
    picture.box(22, 520, 240, 84, "/course/render", "nbconvert, with", "/web/templates")
    picture.arrow((142, 604), (142, 650))
    picture.box(
        22,
        650,
        240,
        292,
        "_site/",
        "pages that work from a",
        "disk or any static host,",
        "without a network",
        kind="store",
    )
    picture.box(338, 650, 240, 84, "/web/static/host.js", "makes instruments", "interactive")
    picture.box(338, 754, 240, 84, "/web/live", "runs cells in the", "reader's browser")
    picture.box(338, 858, 240, 84, "/course/live", "packs Python from", "/vendor/pyodide")
    for y in (692, 796, 900):
        picture.arrow((338, y), (262, y))
    picture.legend(974, sandbox=False)
    return picture


def main() -> None:
    """Write the pictures beside this file."""
    for picture in (submission(), processes(), lesson()):
        (HERE / f"{picture.name}.svg").write_text(picture.svg(), "utf-8")


if __name__ == "__main__":
    main()
