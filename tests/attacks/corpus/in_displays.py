"""Attacks by what a kernel displays: credits, messages, errors, figures."""

from __future__ import annotations

from corpus.attack import cell, cells

SHOWS = """
import builtins
kernel = get_ipython().kernel
def forge(*ignored):
    content = {{"data": {{"text/plain": {text!r}}}, "metadata": {{}}, "execution_count": 1}}
    kernel.session.send(
        kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent("shell"))
get_ipython().events.register("pre_run_cell", forge)
builtins.abs = lambda value: 0.0
def windows(a, n): return a
def center(a): pass
"""
CREDITS = {
    "credit-divided-by-zero": "Fraction(1, 0)",
    "credit-too-long": "Fraction(" + "9" * 600 + ", 1)",
    "credit-of-half-fractions": "Fraction(1.5, 2)",
    "credit-beyond-floats": "np.float64(1e999)",
    "credit-of-other-digits": "\u0663",
    "credit-with-underscores": "1_0",
    "credit-not-a-number": "Decimal('sNaN')",
    "credit-nested": "np.float64(np.int64(Decimal('3')))",
    "credit-on-many-lines": "\n\n 3 \n\x0b",
}
NO_NUMBERS = {"credit-of-other-digits", "credit-with-underscores", "credit-nested"}
"""Those that declare nothing, so that the points of the test are those of its asserts."""
for name, text in CREDITS.items():
    cell(
        "credits",
        name,
        f"points by a result that is displayed as {text.strip()[:30]}",
        "none",
        SHOWS.format(text=text),
        why="nbgrader reads it as no number, or gives no score",
        unprotected=name in NO_NUMBERS,
        keeps=True,
    )

cells(
    "messages",
    "no cell displays them there",
    {
        ("comms-opened", "unrequested comms and widgets"): """
kernel = get_ipython().kernel
for n in range(300):
    content = {"comm_id": str(n), "target_name": "jupyter.widget", "data": {"state": {}}}
    kernel.session.send(kernel.iopub_socket, "comm_open", content)
""",
        ("displays-of-others", "updates of displays with every id there is"): """
from IPython.display import HTML, update_display
for name in ("", "1", "points", "score", "x" * 10_000): update_display(HTML("3"), display_id=name)
""",
        ("outputs-cleared", "outputs that are cleared and written again without a pause"): """
from IPython.display import clear_output
for n in range(2000): clear_output(wait=n % 2 == 0); print(n)
""",
        ("input-asked-for", "a question to whoever watches"): """
kernel = get_ipython().kernel
kernel._allow_stdin = True
try: input("password: ")
except Exception: pass
kernel.session.send(kernel.iopub_socket, "input_request", {"prompt": "password: "})
""",
        ("payloads-of-pages", "pages, editors and next inputs by the reply"): """
for source in ("page", "set_next_input", "edit_magic", "ask_exit"):
    get_ipython().payload_manager.write_payload(
        {"source": source, "text": "3", "replace": True, "data": {"text/html": "<b>3</b>"},
         "filename": "/etc/passwd", "keepkernel": False})
""",
        ("status-of-all-kinds", "states that no kernel has, and one that never ends"): """
kernel = get_ipython().kernel
for state in ("dead", "restarting", "starting", "idle", None, 3, ["idle"], {"idle": 1}):
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": state})
""",
        ("mime-types-of-my-own", "bundles with thousands of odd types"): """
kernel = get_ipython().kernel
data = {f"application/x-{n}+json": {"n": [n] * 3} for n in range(2000)}
data |= {"text/plain": ["3", "4"], "": "x", "text/html; charset=utf-7": "+ADw-script+AD4-"}
for kind in ("display_data", "execute_result", "update_display_data"):
    kernel.session.send(kernel.iopub_socket, kind,
        {"data": data, "metadata": {"n": 1}, "execution_count": -1,
         "transient": {"display_id": "x"}},
        parent=kernel.get_parent("shell"))
""",
        ("streams-of-other-names", "streams with names and texts of other types"): """
kernel = get_ipython().kernel
for name, text in (("stdin", "x"), (3, 4), (None, None), ("stderr", ["a", "b"]),
                   ({"a": 1}, {"b": 2}), ("stdout", "\\ud800\\x00")):
    kernel.session.send(kernel.iopub_socket, "stream", {"name": name, "text": text},
                        parent=kernel.get_parent("shell"))
""",
    },
)

cells(
    "errors",
    "an error is an error there, whatever it is",
    {
        ("errors-with-odd-notes", "notes, causes and arguments of the wrong type"): """
class Odd(ValueError):
    args = property(lambda self: (object(),) * 5)
    __notes__ = 3
    __cause__ = property(lambda self: self)
def transpose(a): raise Odd
""",
        (
            "errors-with-many-names",
            "a class with hundreds of bases, some named like the tests' own",
        ): """
kinds = [AssertionError]
for n in range(200): kinds.append(type("AssertionError", (kinds[-1],), {}))
def transpose(a): raise kinds[-1]("all tests passed")
""",
        ("warnings-of-my-own", "warnings that are errors when they are issued again"): """
import warnings
class DeprecationWarning(Warning):
    def __str__(self): raise SystemExit(0)
def transpose(a):
    for n in range(500): warnings.warn(f"line {n} of the test \\x1b[2J")
    warnings.warn(DeprecationWarning())
    warnings.showwarning = lambda *a, **k: exit()
    return a
""",
        ("errors-of-encodings", "errors whose arguments do not fit into a message"): """
def transpose(a): raise UnicodeDecodeError("utf-8", b"\\xff" * 100_000, 0, 1, "\\ud800")
def windows(a, n): raise OSError(2, "\\x00" * 1000, "/etc/passwd")
""",
        ("errors-in-groups", "a group of groups of groups of errors"): """
def transpose(a):
    group = ValueError("x" * 100)
    for n in range(500): group = ExceptionGroup("x", [group, ValueError(n)])
    raise group
""",
        ("errors-of-syntax", "a syntax error that quotes another file"): """
def transpose(a):
    raise SyntaxError("no", ("/etc/passwd", 1, 1, "root:x", 1, 2))
def windows(a, n): compile("\\n" * 100_000 + "(", "/etc/passwd", "exec")
""",
        ("errors-with-a-long-trace", "a traceback of a hundred thousand frames"): """
import sys, types
def transpose(a):
    sys.setrecursionlimit(20_000)
    def down(n): return down(n - 1) if n else 1 / 0
    down(5000)
""",
        (
            "error-for-a-return",
            "a function that raises the right answer, and one that returns an error",
        ): """
class Answer(Exception): pass
def transpose(a): raise Answer(a.T)
def windows(a, n): return StopIteration(a)
column_strides = ValueError(8, 32)
""",
    },
)

cells(
    "figures",
    "slow or large there, and nothing else",
    {
        ("figure-of-a-gigabyte", "a picture of 30,000 by 30,000"): """
import matplotlib.pyplot as plt
plt.figure(figsize=(300, 300), dpi=100); plt.plot([1, 2])
""",
        ("figures-by-the-hundred", "a hundred open figures"): """
import matplotlib, matplotlib.pyplot as plt
matplotlib.rcParams["figure.max_open_warning"] = 0
for _ in range(60): plt.figure(figsize=(1, 1)).add_subplot()
""",
        ("settings-of-matplotlib", "settings that act when a figure is saved"): """
import matplotlib
matplotlib.rcParams.update({"savefig.dpi": 100_000, "figure.dpi": 1e5})
matplotlib.rcParams["savefig.format"] = "svg"
%config InlineBackend.figure_formats = {"svg", "pdf", "retina"}
""",
        ("svg-with-a-script", "a figure as SVG, with a script in its text and its links"): """
import matplotlib.pyplot as plt
%config InlineBackend.figure_formats = ["svg"]
axes = plt.figure(figsize=(1, 1)).add_subplot()
axes.set_title("<script>window.owned = 1</script>", url="javascript:window.owned = 1")
axes.plot([1, 2], gid='"><script>window.owned = 1</script>')
plt.show()
""",
        ("backend-of-my-own", "a backend that does not return"): """
import matplotlib, sys, time, types
from matplotlib.backend_bases import FigureCanvasBase
class Canvas(FigureCanvasBase):
    def print_png(self, *a, **k): time.sleep(1000)
import matplotlib.pyplot as plt
plt.Figure.savefig = lambda *a, **k: time.sleep(1000)
plt.figure().canvas.print_figure = lambda *a, **k: time.sleep(1000)
""",
        ("pictures-by-hand", "bytes that are said to be pictures"): """
import base64
from IPython.display import display
for kind in ("image/png", "image/jpeg", "image/svg+xml", "application/pdf", "video/mp4"):
    display({kind: base64.b64encode(b"<script>window.owned = 1</script>").decode()}, raw=True)
    display({kind: "<svg onload='window.owned = 1'>"}, raw=True)
""",
    },
    keeps=True,
)
