"""Attacks on the kernel that runs the cells: IPython's hooks, ipykernel's methods, its messages."""

from __future__ import annotations

from corpus.attack import LEFT, SLEEP, Submission, answer, attack, cell
from corpus.in_files import TESTS_AWAY

F = "kernel"

cell(
    F,
    "input-transformer",
    "the source of tests is emptied before it runs",
    "points",
    TESTS_AWAY,
)

cell(
    F,
    "ast-transformer",
    "asserts are taken out of the tree",
    "points",
    """
import ast
class Away(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_For(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Away())
transpose = windows = center = lambda a, n=0: a
column_strides = ()
""",
)

cell(
    F,
    "asserts-away",
    "asserts are taken out of the tree, and nothing else: the cell runs to its end",
    "points",
    """
import ast
class Away(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Away())
def center(a): pass
column_strides = ()
""",
    unprotected=True,
)

cell(
    F,
    "run-cell-replaced",
    "no cell runs, and every reply says ok",
    "points",
    """
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult
async def run(self, raw, *args, **kwargs):
    result = ExecutionResult(ExecutionInfo(raw, False, False, True, None))
    return result
type(get_ipython()).run_cell_async = run
type(get_ipython()).run_cell = lambda self, raw, *a, **k: ExecutionResult(
    ExecutionInfo(raw, False, False, True, None))
""",
)

cell(
    F,
    "do-execute-replaced",
    "the kernel answers ok to everything",
    "points",
    """
async def ok(*args, **kwargs):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
get_ipython().kernel.do_execute = ok
""",
)

cell(
    F,
    "do-execute-full-credit",
    "the kernel sends a result of a million points",
    "none",
    """
async def ok(*args, **kwargs):
    kernel = get_ipython().kernel
    content = {"execution_count": 1, "metadata": {}, "data": {"text/plain": "1000000"}}
    kernel.session.send(
        kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent("shell"))
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
get_ipython().kernel.do_execute = ok
""",
    why="nbgrader refuses more than the maximum, and the student has no score",
)

cell(
    F,
    "errors-handled",
    "a handler of all exceptions keeps them out of the outputs",
    "none",
    """
get_ipython().set_custom_exc((BaseException,), lambda *found, **more: None)
transpose = windows = center = lambda a, n=0: a
""",
    why="nbgrader takes the error from the reply",
)

cell(
    F,
    "messages-filtered",
    "the session drops errors and rewrites replies",
    "points",
    """
session = get_ipython().kernel.session
send = session.send
def kinder(stream, kind, content=None, *args, **kwargs):
    if kind == "error" or (kind == "stream" and content.get("name") == "stderr"):
        return None
    if kind == "execute_reply":
        content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    return send(stream, kind, content, *args, **kwargs)
session.send = kinder
""",
)

cell(
    F,
    "messages-forged",
    "a thread sends replies and idle states for later requests",
    "none",
    """
import threading, time
kernel = get_ipython().kernel
def forge():
    for n in range(300):
        result = {"execution_count": n, "data": {"text/plain": "3"}, "metadata": {}}
        for kind, content in [("execute_result", result), ("status", {"execution_state": "idle"})]:
            try:
                kernel.session.send(
                    kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))
            except Exception: pass
        time.sleep(0.01)
threading.Thread(target=forge, daemon=True).start()
""",
    why="a result among the outputs of a test may even count there; it depends on when it arrives",
)

cell(
    F,
    "compiled-without-asserts",
    "a compile() that removes asserts",
    "points",
    """
import builtins
compiled = builtins.compile
builtins.compile = lambda source, name, mode, flags=0, *more, **kw: compiled(
    source, name, mode, flags, optimize=2)
import codeop, ast
Compile = type(get_ipython().compile)
Compile.ast_parse = lambda self, source, filename="<unknown>", symbol="exec": compiled(
    source, filename, symbol, self.flags | ast.PyCF_ONLY_AST, 1)
Compile.__call__ = lambda self, codeob, filename, symbol, *a, **k: compiled(
    codeob, filename, symbol, self.flags, optimize=2, dont_inherit=True)
transpose = lambda a: a.T
windows = center = lambda *a: a[0]
column_strides = ()
""",
    earns={"transpose-test": 2.0},
    unprotected=True,
)

cell(
    F,
    "names-before-each-cell",
    "the instructor's names are rebound before each test",
    "points",
    """
class Always:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __bool__(self): return True
    def __int__(self): return 3
    __radd__ = __add__ = __abs__ = __getitem__ = __rsub__ = __truediv__ = __call__
    __hash__ = None
def all_mine(*info):
    ns = get_ipython().user_ns
    for name in ("transpose", "windows", "center", "column_strides", "same", "np"):
        ns[name] = Always()
    ns["isinstance"] = lambda *a: True
    ns["abs"] = ns["bool"] = lambda *a: Always()
get_ipython().events.register("pre_run_cell", all_mine)
""",
)

cell(
    F,
    "result-displayed-by-me",
    "what a test ends with is displayed as three points",
    "points",
    """
def show(self, result=None):
    kernel = get_ipython().kernel
    if result is not None:
        content = {"execution_count": 1, "metadata": {}, "data": {"text/plain": "3"}}
        kernel.session.send(
            kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent("shell"))
type(get_ipython().displayhook).__call__ = show
def windows(a, n):
    class W:
        shape = ()
        tolist = lambda self: None
    return W()
import numpy as np
np.shares_memory = lambda *a: False
""",
)

cell(
    F,
    "formatter-of-numbers",
    "int() results print as what the test expects",
    "points",
    """
get_ipython().display_formatter.formatters["text/plain"].for_type(
    int, lambda number, p, cycle: p.text("3"))
import numpy as np
def windows(a, n): return a
""",
)

cell(
    F,
    "magics",
    "magics and shell escapes in the student's cells",
    "none",
    f"""
%load_ext autoreload
%autoreload 2
%config InteractiveShell.ast_node_interactivity = 'none'
%config InteractiveShell.display_page = True
%pdb off
!echo from a shell; sleep {SLEEP} &
get_ipython().system("id")
%env PYTHONOPTIMIZE=2
""",
    why="they run where the student's code runs",
)

cell(
    F,
    "pip",
    "packages installed while graded",
    "none",
    f"%pip install --quiet {LEFT}",
    why="no network there either",
    keeps=True,
)

cell(
    F,
    "kernel-waits-for-input",
    "a debugger and a prompt that wait forever",
    "none",
    """
try: input("your password? ")
except BaseException as e: print(type(e))
try: breakpoint()
except BaseException as e: print(type(e))
%pdb on
""",
    why="nbgrader allows no standard input",
)

cell(
    F,
    "shutdown-from-inside",
    "the kernel ends itself as if asked to",
    "none",
    """
get_ipython().kernel.do_shutdown(True)
get_ipython().ask_exit()
get_ipython().kernel.io_loop.stop()
""",
    why="costs its own points only",
)

cell(
    F,
    "payloads",
    "payloads and comms for the front end",
    "none",
    """
get_ipython().payload_manager.write_payload(
    {"source": "set_next_input", "text": "pass", "replace": True})
get_ipython().set_next_input("pass", replace=True)
kernel = get_ipython().kernel
content = {"comm_id": "x", "target_name": "x", "data": {}, "wait": False, "code": "pass",
           "execution_count": -1, "transient": {"display_id": "x"}, "metadata": {}}
for kind in ("comm_open", "comm_msg", "clear_output", "update_display_data", "debug_event",
             "execute_input", "no_such_kind"):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))
""",
    why="up to the front end",
    keeps=True,
)

cell(
    F,
    "messages-odd",
    "messages without parent, with wrong types, not signed",
    "none",
    """
kernel = get_ipython().kernel
s, out = kernel.session, kernel.iopub_socket
parent = kernel.get_parent("shell")
for content in ({"name": 5, "text": None}, {"name": "stdout", "text": ["a"]},
                {"name": "stderr"}, {}):
    s.send(out, "stream", content, parent=parent)
s.send(out, "error", {"ename": 1, "evalue": None, "traceback": "no list"}, parent=parent)
content = {"data": {"text/plain": {"a": 1}, "image/png": 5}, "metadata": 3,
           "execution_count": "x"}
s.send(out, "execute_result", content, parent=parent)
out.send_multipart([b"x", b"<IDS|MSG>", b"no signature", b"{}", b"{}", b"{}", b"{}"])
out.send_multipart([b"\\xff\\xfe"])
""",
    why="most clients drop them",
)


@attack(
    F,
    "a hook that behaves well until it is graded",
    "none",
    why="it only knows where it runs",
    keeps=True,
)
def knows_where_it_runs(work: Submission) -> None:
    work.add(
        "import os\nif 'NBGRADER_EXECUTION' in os.environ:\n    pass\n"
        "print(sorted(k for k in os.environ if 'GRADER' in k))"
    )


@attack(
    F,
    "a patch in the last cell, for a replay of the notebook",
    "none",
    why="it runs after all tests",
    keeps=True,
)
def patched_last(work: Submission) -> None:
    work.add(TESTS_AWAY, at=len(work.cells))


answer(
    F,
    "patched-inside-a-call",
    "the first call of an answer changes what runs after it",
    "points",
    """
def transpose(a):
    import IPython, lab_helper
"""
    + "\n".join("    " + line for line in TESTS_AWAY.strip().splitlines())
    + """
    return a.T
""",
)
