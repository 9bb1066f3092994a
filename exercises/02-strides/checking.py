"""What the tests of all tasks share: call an answer safely, and look at an array before touching it.

Every assignment has the same copy of this file next to its notebooks. It needs only NumPy. The notebook
of a task knows what wrong answers to that task look like; this file checks what can go wrong with any answer.
In Jupyter, importing it also makes a failed check show its sentence first, with the traceback folded below.
"""

import dis
import html
import operator
import re
import signal
import sys
import threading
import time
import tracemalloc
from _thread import interrupt_main
from contextlib import contextmanager
from functools import cache
from types import CodeType, FunctionType, MethodType

import numpy as np
from numpy.lib.array_utils import byte_bounds

SECONDS = 5
"""How long one call of an answer may take."""
SHORT = 60
"""Characters of an argument that a message shows."""
LARGE = 1 << 20
"""Elements from which on an argument is not compared with what it was before the call."""


class TooSlow(BaseException):
    """Raised inside an answer that takes too long; no `except Exception` can hide it."""


def call(function, /, *args, **kwargs):
    """Call an answer and return what it returns; an AssertionError says what was wrong.

    An answer is wrong here if it raises, takes longer than `SECONDS`, returns None, or changes its
    arguments.
    """
    said = call_text(function, args, kwargs)
    before = [snapshot(value) for value in (*args, *kwargs.values())]
    got = attempt(function, args, kwargs)
    for value, state in zip((*args, *kwargs.values()), before, strict=True):
        assert same(snapshot(value), state), f"{said} changed its argument, which must stay as it is: work on a copy."
    assert got is not None, f"{said} returned None: end the function with `return`, not with `print`."
    return got


def attempt(function, args, kwargs):
    """Run a call and return what it returns, None or not; its arguments may change."""
    with guarded(function, call_text(function, args, kwargs), lambda error: failure(error, name_of(function))):
        return function(*args, **kwargs)


@contextmanager
def guarded(function, said, wrong):
    """Let a call run in this context; an AssertionError says why it did not come to its end.

    `wrong` returns, for an error that the call raised, what follows after the call in the message.
    """
    refuse_taken_names(function)
    try:
        with limited(SECONDS):
            yield
    except NotImplementedError as error:
        raise AssertionError(f"{unwritten(error, function)} is not written yet.") from None
    except TooSlow:
        raise AssertionError(f"{said} took longer than {SECONDS} s and was stopped.") from None
    except Exception as error:
        raise AssertionError(f"{said}{wrong(error)}") from error


def unwritten(error, function):
    """Return the name of the function that raised NotImplementedError, if the notebook defines it.

    That is the function which was called, or one that it calls.
    """
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    code, space = trace.tb_frame.f_code, trace.tb_frame.f_globals
    inside = space is getattr(function, "__globals__", None) and code.co_name.isidentifier()
    return code.co_name if inside else name_of(function)


def refuse_taken_names(function):
    """Fail if an answer calls a function of its own by a name that the tests have given to one of theirs.

    The cells of a notebook share their names. Of two functions with one name, the answer would call the one that
    was defined last, and its result would be hard to explain.
    """
    answer = function.__func__ if type(function) is MethodType else function
    if type(answer) is not FunctionType:
        return
    space, frame, files = answer.__globals__, sys._getframe(), {call.__code__.co_filename}
    while frame is not None:
        if frame.f_globals is space:
            files.add(frame.f_code.co_filename)
        frame = frame.f_back
    waiting = [] if answer.__code__.co_filename in files else [answer]
    for one in waiting:  # which grows
        for name in sorted(names_in(one.__code__)):
            for used in functions_of(space.get(name)):
                assert used.__code__.co_filename not in files, (
                    f"The tests have a function `{name}` of their own, which {name_of(function)} would call instead of "
                    "yours: give yours another name."
                )
                if used.__globals__ is space and used not in waiting:
                    waiting.append(used)


def functions_of(value):
    """Return the functions behind a name: the value itself, or the methods of a class of the notebook."""
    own = isinstance(value, type) and value.__module__ == "__main__"
    values = [one.fget if type(one) is property else one for one in (vars(value).values() if own else [value])]
    return [one for one in values if type(one) is FunctionType]


@cache
def names_in(code):
    """Return the global names that code reads, that of functions inside it too."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    inside = [names_in(const) for const in code.co_consts if isinstance(const, CodeType)]
    return frozenset(names).union(*inside)


def failure(error, name):
    """Return what a message says about an unexpected error of the function of that name."""
    text = sentence(error)
    if isinstance(error, MemoryError):
        return f" asked for more memory than there is{f': {text}' if text else ''}."
    advice = " Keep the names and the order of the arguments." if is_other_signature(error, name) else ""
    return f" raised {type(error).__name__}{f': {text}' if text else ''}.{advice}"


def sentence(error):
    """Return the text of an error without a period at its end."""
    return str(error).strip().removesuffix(".")


def is_other_signature(error, name):
    """Tell whether the call itself failed, because the function of that name takes other arguments."""
    text = str(error).rpartition(".")[2] if ".<locals>." in str(error) else str(error)
    return isinstance(error, TypeError) and text.startswith(tuple(f"{name}() {verb} " for verb in ("got", "takes", "missing")))


def peak(function, /, *args):
    """Return what a call returned, and how many bytes it held at most beyond what was there before.

    Counted is what Python and NumPy ask for in this process.
    """
    refuse_taken_names(function)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        got = attempt(function, args, {})
        return got, tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def raises(kind, function, /, *args, **kwargs):
    """Check that an answer refuses its arguments with an error of this kind; return the error's text."""
    said = call_text(function, args, kwargs)
    wanted = f": expected {an(kind.__name__)}, got "
    with guarded(function, said, lambda error: f"{wanted}{type(error).__name__}{f': {sentence(error)}' if str(error) else ''}."):
        try:
            got = function(*args, **kwargs)
        except kind as error:
            if isinstance(error, NotImplementedError):
                raise
            return str(error)
    raise AssertionError(f"{said}{wanted}{shown(got)}.")


def truth(got, said):
    """Return `got` as a bool; an AssertionError if it is neither True nor False."""
    assert isinstance(got, bool | np.bool), (
        f"{said} returned {shown(got)}, of type {type(got).__name__}: expected True or False."
    )
    return bool(got)


def whole(got, said):
    """Return `got` as an int; an AssertionError if it is not a whole number."""
    try:
        return operator.index(got)
    except TypeError:
        raise AssertionError(
            f"{said} returned {shown(got)}, of type {type(got).__name__}: expected a whole number, so use "
            "integer arithmetic only."
        ) from None


def wholes(got, said, count=None):
    """Return `got` as a tuple of int; an AssertionError if it is not a sequence of `count` whole numbers."""
    assert isinstance(got, tuple | list), (
        f"{said} returned {shown(got)}, of type {type(got).__name__}: expected a tuple."
    )
    assert count is None or len(got) == count, (
        f"{said} returned {shown(got)}: expected a tuple of {count}, one number for each axis."
    )
    return tuple(whole(one, said) for one in got)


def array(got, said, *, shape=None, dtype=None, inside=None, slips=()):
    """Check what `got` says of itself before any element is touched; return it.

    Parameters
    ----------
    got : object
        What an answer returned.
    said : str
        The call, for messages.
    shape, dtype
        What is expected; None: anything.
    inside : ndarray, optional
        The array whose bytes, and no others, `got` may read.
    slips : iterable of (bool, str)
        Known mistakes: the sentence of the first that is True explains a wrong shape or dtype.
    """
    assert isinstance(got, np.ndarray), (
        f"{said} returned {shown(got)}, of type {type(got).__name__}: expected an array."
    )
    why = next((f" {sentence}" for true, sentence in slips if true), "")
    assert shape is None or got.shape == tuple(shape), (
        f"{said}: expected shape {tuple(shape)}, got {got.shape}.{why}"
    )
    assert dtype is None or got.dtype == np.dtype(dtype), (
        f"{said}: expected dtype {np.dtype(dtype)}, got {got.dtype}.{why}"
    )
    if inside is not None and got.size:
        refuse_outside(got, said, inside, why)
    return got


def refuse_outside(got, said, inside, why=""):
    """Fail if an array would read bytes that are not those of `inside`; nothing is read."""
    low, high = (int(end) for end in byte_bounds(inside))
    first, last = (int(end) for end in byte_bounds(got))
    assert not has_own_memory(got, inside), f"{said} returned a copy: expected a view of its argument.{why}"
    if first < low or last > high:
        over = f"{low - first} bytes before" if first < low else f"{last - high} bytes beyond"
        raise AssertionError(
            f"{said} has strides {got.strides} and would read {over} the {high - low} bytes of the array it is a "
            f"view of.{why or ' Reading there can crash Python, so no element was touched.'}"
        )


def has_own_memory(got, inside):
    """Tell whether `got` has memory of its own, as a copy does; nothing is read."""
    owner, base = got, got.base
    while base is not None:
        owner = base if isinstance(base, np.ndarray) else owner
        base = getattr(base, "base", None)
    low, high = byte_bounds(owner)
    first, last = byte_bounds(got)
    return low <= first and last <= high and not np.may_share_memory(owner, inside)


def limited(seconds):
    """Return a context that raises TooSlow in what runs longer than `seconds`."""
    if sys.platform == "emscripten":
        return by_monitoring(seconds)
    timed = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return by_alarm(seconds) if timed else by_interrupt(seconds)


@contextmanager
def by_alarm(seconds):
    """Stop by a signal, again and again in case the first is swallowed."""

    def stop(_number, frame):
        if frame.f_code.co_filename != contextmanager.__code__.co_filename:  # there the call is over
            raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def by_interrupt(seconds):
    """Stop where there are no alarms (Windows): by what Ctrl-C does."""
    ours = []  # before the interrupt, so that it is known for ours wherever it arrives

    def stop():
        ours.append(True)
        interrupt_main()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        try:
            yield
        finally:
            timer.cancel()
    except KeyboardInterrupt:
        if ours:
            raise TooSlow from None
        raise


@contextmanager
def by_monitoring(seconds):
    """Stop where there are neither alarms nor threads (a web page): look at the clock as the answer runs.

    Python calls `look` whenever a loop starts its next round and whenever a Python function starts, so a plain
    loop takes three to five times as long. A long call of a function written in C is not stopped; when it
    returns, it counts as too slow. Python 3.12 or later is needed.
    """
    watch, name = sys.monitoring, "checking.py"
    tool = next((one for one in (4, 3, 5, 2, 1, 0) if watch.get_tool(one) is None), None)
    events = (watch.events.JUMP, watch.events.PY_START)
    end = time.perf_counter() + seconds
    seen, late, over = 0, False, False

    def look(code, *_where):
        nonlocal seen, late
        seen += 1
        late = late or (seen % 256 == 0 and time.perf_counter() > end)
        if late and not over and code.co_filename != contextmanager.__code__.co_filename:  # there the call is over
            raise TooSlow  # at every event from now on, in case the first is swallowed

    if tool is not None:  # else others use all of them, and only the clock below counts
        watch.use_tool_id(tool, name)
        for event in events:
            watch.register_callback(tool, event, look)
        watch.set_events(tool, watch.events.JUMP | watch.events.PY_START)
    try:
        yield
        if time.perf_counter() > end:
            raise TooSlow
    finally:
        over = True
        if tool is not None and watch.get_tool(tool) is None:  # the answer has given our tool away
            watch.use_tool_id(tool, name)
        if tool is not None and watch.get_tool(tool) == name:
            watch.set_events(tool, 0)
            for event in events:
                watch.register_callback(tool, event, None)
            watch.free_tool_id(tool)


def snapshot(value):
    """Return what must stay the same of an argument: an array's facts and elements, a list's items."""
    if isinstance(value, np.ndarray):
        facts = (value.shape, value.strides, value.dtype)
        return (facts, value.copy() if value.size <= LARGE and value.nbytes <= 8 * LARGE else None)
    if isinstance(value, list | tuple):
        return [snapshot(one) for one in value]
    return value.copy() if isinstance(value, dict | set | bytearray) else value


def same(now, before):
    """Tell whether two snapshots are equal; NaN equals NaN."""
    if isinstance(now, np.ndarray) and isinstance(before, np.ndarray):
        return now.tobytes() == before.tobytes()
    if isinstance(now, list | tuple) and isinstance(before, list | tuple):
        return len(now) == len(before) and all(map(same, now, before))
    return now is before or now == before or (now != now and before != before)


def call_text(function, args, kwargs):
    """Return a call as one would write it, with short arguments."""
    given = [short(value) for value in args]
    given += [f"{name}={short(value)}" for name, value in kwargs.items()]
    return f"{name_of(function)}({', '.join(given)})"


def name_of(function):
    """Return the name an answer goes by."""
    return getattr(function, "__name__", type(function).__name__)


def short(value):
    """Return a value as text for a message: small ones whole, arrays by their facts."""
    if isinstance(value, np.ndarray):
        if value.size <= 9 and value.nbytes <= 1000:
            return repr(value.tolist())
        return f"<{value.dtype} array of shape {value.shape}>"
    text = repr(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 2]} …"


def shown(got):
    """Return what an answer returned as text; arrays by their facts, since an element may lie anywhere."""
    held = got.values() if isinstance(got, dict) else got if isinstance(got, list | tuple | set) else [got]
    if isinstance(got, np.ndarray):
        return f"<{got.dtype} array of shape {got.shape}>"
    if any(isinstance(one, np.ndarray) for one in held):
        return f"<{type(got).__name__} with arrays in it>"
    return short(got)


def an(name):
    """Return a name with its article."""
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def show_sentence_first(shell, kind, error, trace, tb_offset=None):
    """Show a failed check in a notebook: its sentences as the error, and the traceback folded below.

    Called by IPython instead of its own display of an AssertionError. Graders see an error as always.
    """
    if not str(error):  # an assert without a message: the traceback is all there is
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    shell._showtraceback(kind, error, [re.sub(r"(?<=[.?]) (?=[A-Z(])", "\n", f"{kind.__name__}: {error}")])
    if isinstance(error.__cause__, Exception):  # an error of the answer: where in the answer it was raised
        error, trace, tb_offset = error.__cause__, error.__cause__.__traceback__, 0
        while trace.tb_next is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
    lines = shell.InteractiveTB.structured_traceback(type(error), error, trace, tb_offset=tb_offset)
    text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))
    folded = f"<details><summary>Show the traceback</summary><pre>{html.escape(text)}</pre></details>"
    shell.display_pub.publish({"text/html": folded, "text/plain": text})


def use_in_notebook():
    """Let IPython show a failed check by `show_sentence_first`, if this runs in a kernel of Jupyter."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(shell, "kernel"):
        shell.set_custom_exc((AssertionError,), show_sentence_first)


use_in_notebook()
