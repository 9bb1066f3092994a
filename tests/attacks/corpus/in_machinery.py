"""Attacks on what runs beside a cell: event loops, magics, imports, finalizers."""

from __future__ import annotations

from corpus.attack import LEFT, SLEEP, cells

cells(
    "async",
    "its own kernel only",
    {
        ("task-goes-on", "a task that patches what it finds while the tests run"): """
import asyncio, sys
async def patch():
    while True:
        for name in ("same", "points", "seen", "got"): globals()[name] = lambda *a: None
        sys.modules.pop("lab_helper", None)
        await asyncio.sleep(0.01)
kept = asyncio.get_running_loop().create_task(patch())
""",
        ("loop-blocked-later", "a callback that blocks the event loop after the cell"): """
import asyncio, time
asyncio.get_running_loop().call_later(0.2, time.sleep, 2)
""",
        ("coroutines-forgotten", "thousands of coroutines that nobody awaits"): """
async def forgotten(): pass
kept = [forgotten() for _ in range(5000)]
del kept
""",
        ("loop-policy", "event loops of the student's own, for whoever makes one"): """
import asyncio
class Loop(asyncio.SelectorEventLoop):
    def run_until_complete(self, future): raise SystemExit(0)
    def run_forever(self): raise SystemExit(0)
asyncio.new_event_loop = asyncio.get_event_loop = Loop
""",
        (
            "awaits-in-a-cycle",
            "two tasks that wait for each other, and one that is never canceled",
        ): """
import asyncio
loop = asyncio.get_running_loop()
async def stubborn():
    while True:
        try: await asyncio.sleep(1000)
        except asyncio.CancelledError: pass
one = loop.create_task(asyncio.sleep(1000))
two = loop.create_task(asyncio.wait([one]))
kept = loop.create_task(stubborn())
kept.cancel()
""",
        ("async-generators", "a generator that goes on when it is closed"): """
import sys
async def numbers():
    try: yield 1
    finally:
        try: yield 2
        except GeneratorExit: raise KeyboardInterrupt
async for n in numbers(): break
sys.set_asyncgen_hooks(lambda g: None, lambda g: None)
""",
        ("executor-threads", "a pool of threads that ends with the process only"): """
import asyncio, threading
loop, stop = asyncio.get_running_loop(), threading.Event()
kept = [loop.run_in_executor(None, stop.wait, 30) for _ in range(8)]
""",
    },
    keeps=True,
)

cells(
    "magics",
    "changes what its own kernel shows and runs",
    {
        ("magic-autocall", "names called without parentheses, and errors in a debugger"): """
%autocall 2
%pdb on
%xmode Minimal
%colors NoColor
""",
        ("magic-shadowed", "the kernel's own magics replaced"): """
from IPython.core.magic import register_line_cell_magic
def nothing(line, cell=None): return 3
for name in ("time", "timeit", "capture", "run", "matplotlib", "sx", "system"):
    register_line_cell_magic(type(nothing)(nothing.__code__, globals(), name))
""",
        ("magic-logs", "a log of all cells, in a file"): f"""
%logstart -o -r -t /tmp/{LEFT}.log
%history -g -f /tmp/{LEFT}.history
""",
        ("magic-script", "a shell in the background"): f"""
%%script --bg --out kept bash
sleep {SLEEP}
""",
        ("magic-reload", "modules that are reloaded before each cell"): """
%load_ext autoreload
%autoreload 2
import lab_helper
open("lab_helper.py", "w").write("same = lambda *a: None\\n")
""",
        ("magic-environment", "another folder and another environment"): """
%cd -q /tmp
%env PYTHONPATH=/tmp
%env LD_PRELOAD=/tmp/none.so
%alias python true
""",
        ("magic-precision", "numbers displayed as other numbers"): """
%precision 0
import numpy as np
np.set_printoptions(formatter={"all": lambda x: "3"})
""",
    },
    keeps=True,
)

cells(
    "imports",
    "its own process's modules; the assertions there still say no",
    {
        ("finder-first", "a finder that answers every import"): """
import sys, types, importlib.machinery
class First:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ("lab_helper", "tracemalloc"): return None
        return importlib.machinery.ModuleSpec(name, self)
    def create_module(self, spec): return types.ModuleType(spec.name)
    def exec_module(self, module): module.same = lambda *a: None
sys.meta_path.insert(0, First())
sys.modules.pop("lab_helper", None)
""",
        ("import-replaced", "an __import__ of the student's own"): """
import builtins
real = builtins.__import__
def mine(name, *a, **k):
    if name == "lab_helper": raise SystemExit(0)
    return real(name, *a, **k)
builtins.__import__ = mine
""",
        ("path-hooks", "hooks, caches and paths of the import system emptied"): """
import sys
sys.path_hooks.clear(); sys.path_importer_cache.clear(); sys.path[:] = ["/tmp"]
sys.pycache_prefix = "/tmp"; sys.dont_write_bytecode = True
""",
        ("file-beside-the-notebook", "modules written beside the notebook while it runs"): """
for name in ("lab_helper", "numpy", "json", "sitecustomize", "nbgrader_isolate", "tracemalloc"):
    open(name + ".py", "w").write("raise SystemExit(0)")
""",
        ("import-lock-held", "an import that never ends, in a thread"): """
import threading, sys
open("slow_import.py", "w").write("import time\\ntime.sleep(1000)\\n")
threading.Thread(target=__import__, args=("slow_import",), daemon=True).start()
""",
        ("package-from-a-zip", "a package in a zip file, first on the path"): """
import io, sys, zipfile
with zipfile.ZipFile("first.zip", "w") as file:
    file.writestr("lab_helper.py", "same = lambda *a: None")
sys.path.insert(0, "first.zip")
sys.modules.pop("lab_helper", None)
from lab_helper import same
""",
        ("loader-of-source", "a linecache and a loader that show other sources"): """
import linecache, inspect, sys
class Loader:
    def get_source(self, name): return "def transpose(a): return a.T"
__loader__ = Loader()
linecache.getlines = lambda *a, **k: ["def transpose(a): return a.T\\n"]
inspect.getsource = lambda thing: "def transpose(a): return a.T"
def transpose(a): return a
""",
    },
    keeps=True,
)

cells(
    "finalizers",
    "acts in its own process",
    {
        ("del-in-a-call", "objects that act when a call drops its arguments"): """
class Late:
    def __del__(self):
        global transpose
        transpose = lambda a: a
        raise KeyboardInterrupt
def transpose(a):
    late = Late()
    late.me = late
    return a.T + 1
""",
        ("collector-callback", "a callback of the garbage collector that exits"): """
import gc
def ends(phase, info):
    if info["generation"] == 2: raise SystemExit(0)
gc.callbacks.append(ends)
gc.set_threshold(1, 1, 1)
""",
        ("collector-frozen", "no garbage is ever collected"): """
import gc
gc.disable(); gc.freeze()
kept = []
for _ in range(10_000): one = []; one.append(one)
""",
        ("hooks-of-errors", "the hooks for errors that nobody handles"): """
import sys, threading
def quiet(*a): raise SystemExit(0)
sys.excepthook = sys.unraisablehook = threading.excepthook = sys.displayhook = quiet
class Bad:
    def __del__(self): raise ValueError("in a finalizer")
Bad()
""",
        ("weak-references", "an object that is gone before the test looks at it"): """
import weakref
class Holder(list): pass
def windows(a, n):
    return weakref.proxy(Holder([[1.0]]))
column_strides = weakref.ref(Holder)
""",
        ("resurrected", "an object that comes back when it is dropped"): """
class Back(tuple):
    kept = []
    def __del__(self): Back.kept.append(self)
column_strides = Back((32, 8))
""",
        ("audit-hook", "a hook that refuses what the bridge does"): """
import sys
def refuse(event, args):
    if event in ("socket.sendmsg", "os.truncate", "mmap.__new__"): raise RuntimeError("no")
sys.addaudithook(refuse)
""",
    },
)

BREAKS = "it breaks its own kernel there, too"
cells(
    "async",
    BREAKS,
    {
        ("loop-stopped", "the kernel's own event loop stopped"): """
import asyncio
asyncio.get_running_loop().stop()
""",
    },
)
cells(
    "magics",
    BREAKS,
    {
        ("magic-capture", "later outputs captured"): """
from IPython.utils.capture import capture_output
kept = capture_output()
kept.__enter__()
""",
    },
)
cells(
    "imports",
    BREAKS,
    {
        ("modules-none", "modules that the grader needs, set to None"): """
import sys
for name in ("json", "base64", "warnings", "contextlib", "lab_helper", "nbgrader_isolate"):
    sys.modules[name] = None
""",
    },
)
