"""The test contract: what a grade cell may do, so that it can be kept out of the student's process.

A grade cell calls the student's functions with plain data, reads the student's variables, looks at
results and expects built-in exceptions. A test that needs the student's own process (peaks of
memory, classes, callbacks) says why, in the cell's option `:in_process: reason`. Whether it does
need it is for the grader to say (`nbgrader_isolate.planning.isolation`): the lint and the grading
plan agree. Everything here reads syntax trees; nothing is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from course.core.code_cells import HIDDEN_MARKS, CodeCell
from nbgrader_isolate.planning.isolation import IsolationAnalysis

Fault = tuple[int, str]
"""A line, counted from 0, and what is wrong there and what to do."""

SEEDED = {
    "default_rng",
    "SeedSequence",
    "PCG64",
    "PCG64DXSM",
    "SFC64",
    "Philox",
    "MT19937",
    "RandomState",
    "Random",
}
RANDOM_MODULES = {"random", "secrets", "uuid"}
COMMENT_FORM = re.compile(r"(?mi)^\s*#\s*(?:one|in)[ _-]process:")
SEED_LINE = re.compile(r"(?m)^SEED = \d+$")
SOLUTION = re.compile(r"(?ms)^([ \t]*)### BEGIN SOLUTION.*?^[ \t]*### END SOLUTION[^\n]*")
STUB = r"\1raise NotImplementedError()"
IN_PROCESS = (
    "so the test would have to run in the student's process, where points can be faked: "
    "change the test, or say why in `:in_process: reason`"
)
NO_SEED = (
    "random data without SEED: write `SEED = 20` on a line of its own in the cell that defines the "
    "checks, and use `default_rng(SEED + k)`"
)


def contract_faults(cells: list[CodeCell], modules: Mapping[str, str]) -> Iterator[Fault]:
    """Find what breaks the test contract in one task.

    Parameters
    ----------
    cells : list of CodeCell
        The code cells of the task's text.
    modules : mapping of str to str
        Sources of the modules beside the notebook, by the names that import them.

    Yields
    ------
    tuple of int and str
        The line of the text, counted from 0, and what is wrong and what to do.
    """
    if not any(cell.is_solution for cell in cells):
        return
    for cell in cells:
        yield from form_faults(cell)
    if not any(cell.is_test for cell in cells):
        yield cells[0].line, "no cell has `:points:`: the task cannot be graded"
    trees = {id(cell): parsed(cell) for cell in cells}
    for cell in cells:
        if isinstance(error := trees[id(cell)], SyntaxError) and not cell.is_solution:
            at = cell.code_line + (error.lineno or 1) - 1
            yield at, f"not plain Python ({error.msg}): a test or its words use no magics"
    read = {key: tree for key, tree in trees.items() if isinstance(tree, ast.Module)}
    readable = [cell for cell in cells if id(cell) in read]
    yield from Task(readable, read).faults()
    yield from process_faults(readable, modules)


def form_faults(cell: CodeCell) -> Iterator[Fault]:
    """Find marks and options that do not fit together."""
    begin, end = (cell.source.count(mark) for mark in HIDDEN_MARKS)
    if begin != end:
        yield cell.code_line, f"`{HIDDEN_MARKS[0]}` and `{HIDDEN_MARKS[1]}` do not come in pairs"
    if cell.has_hidden_part and "points" not in cell.options:
        yield cell.line, "hidden tests without points: give the cell a `:points:` line"
    if cell.is_test and not (cell.options["points"] or 0) > 0:
        yield cell.line, "a test with no points: give it 1 or more, or make it a plain cell"
    if cell.is_test and "grade_id" not in cell.options:
        yield cell.line, "a test without a name: give the cell a `:grade_id:` line"
    if found := COMMENT_FORM.search(cell.source):
        at = cell.code_line + cell.source[: found.start()].count("\n")
        yield at, "write this reason as the option `:in_process: …` below `:points:`"
    locked = "grade_id" in cell.options and not cell.is_solution
    if "# your parts begin" in cell.source and locked:
        message = "remove `:grade_id:`, or grading would undo the student's own parts"
        yield cell.line, message
    if cell.in_process == "":
        yield cell.line, "`:in_process:` without a reason: say in words why"
    if cell.in_process is not None and not cell.is_test:
        yield cell.line, "`:in_process:` belongs to a test, beside `:points:`"


def parsed(cell: CodeCell) -> ast.Module | SyntaxError:
    """Return the syntax tree of a cell, with the text's lines, or why there is none."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        return error
    return ast.increment_lineno(tree, cell.code_line)


def process_faults(cells: list[CodeCell], modules: Mapping[str, str]) -> Iterator[Fault]:
    """Find tests that the grader would run in the student's process although nobody says why."""
    analysis = analysis_of(cells, modules)
    for cell in cells:
        if cell.is_test and not cell.in_process:
            for obstacle in analysis.obstacles(in_place(cell)):
                line = cell.line if obstacle.module else obstacle.line - 1
                yield line, f"this {obstacle.reason}, {IN_PROCESS}"


def analysis_of(cells: list[CodeCell], modules: Mapping[str, str]) -> IsolationAnalysis:
    """Return what the grader reads in the cells of a task; line numbers are those of the text."""
    solutions = [cell for cell in cells if cell.is_solution]
    return IsolationAnalysis(
        plain=[in_place(cell) for cell in cells if not cell.is_solution and not cell.is_test],
        stubs=[SOLUTION.sub(STUB, in_place(cell)) for cell in solutions],
        references=[in_place(cell) for cell in solutions],
        tests=[in_place(cell) for cell in cells if cell.is_test],
        modules=modules,
    )


def in_place(cell: CodeCell) -> str:
    """Return the source of a cell below as many empty lines as come before it in the text."""
    return "\n" * cell.code_line + cell.source


class Task:
    """The cells of one task that Python can read.

    Parameters
    ----------
    cells : list of CodeCell
        In the order of the text.
    trees : dict of int to ast.Module
        The tree of each, by the cell's id(); line numbers are the text's, counted from 1.
    """

    def __init__(self, cells: list[CodeCell], trees: dict[int, ast.Module]) -> None:
        self.cells, self.trees = cells, trees
        self.solutions = [trees[id(cell)] for cell in cells if cell.is_solution]
        self.plain = [trees[id(c)] for c in cells if not c.is_solution and not c.is_test]
        self.functions = {
            node.name: node
            for tree in self.plain
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }

    def faults(self) -> Iterator[Fault]:
        """Find what tests, and the instructor's functions that they use, must not do."""
        seen: set[Fault] = set()
        for cell in self.cells:
            if cell.is_test:
                seen.update(self.faults_of(cell))
        for tree in self.plain:
            seen.update(random_faults(tree))
        seen.update(self.seed_faults())
        seen.update(self.given_away())
        yield from sorted(seen)

    def faults_of(self, cell: CodeCell) -> Iterator[Fault]:
        """Find what one test does that it must not."""
        nodes = [self.trees[id(cell)], *self.reached(self.trees[id(cell)])]
        for node in nodes:
            yield from random_faults(node)

    def reached(self, tree: ast.AST) -> list[ast.FunctionDef]:
        """Return the functions of plain cells that a test uses, directly or through others."""
        found: dict[str, ast.FunctionDef] = {}
        todo = [tree]
        while todo:
            for name in used(todo.pop()) & self.functions.keys() - found.keys():
                found[name] = self.functions[name]
                todo.append(self.functions[name])
        return list(found.values())

    def seed_faults(self) -> Iterator[Fault]:
        """Find random data that `make variant` could not change, and a second SEED."""
        sources = [cell for cell in self.cells if not cell.is_solution]
        lines = [
            cell.code_line + cell.source[: found.start()].count("\n")
            for cell in sources
            for found in SEED_LINE.finditer(cell.source)
        ]
        for line in lines[1:]:
            yield (
                line,
                "SEED is set a second time: keep one line, in the cell that defines the checks",
            )
        for cell in sources:
            for node in ast.walk(self.trees[id(cell)]):
                if not isinstance(node, ast.Call) or "default_rng" not in ast.unparse(node.func):
                    continue
                given = used(node) & parameters(self.trees[id(cell)])  # the caller seeds it
                if not given and (not lines or "SEED" not in used(node)):
                    yield node.lineno - 1, NO_SEED

    def given_away(self) -> Iterator[Fault]:
        """Find the reference's answer where students read it."""
        answers = {
            ast.dump(node.value)
            for tree in self.solutions
            for node in ast.walk(tree)
            if isinstance(node, ast.Return) and node.value and telling(node.value)
        }
        for cell in self.cells:
            if cell.is_solution:
                continue
            try:
                tree = ast.increment_lineno(ast.parse(cell.visible), cell.code_line)
            except SyntaxError:
                yield cell.code_line, "without its hidden part this cell is not Python"
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.expr) and ast.dump(node) in answers:
                    message = (
                        f"`{ast.unparse(node)}` is the reference's answer, and students see this"
                    )
                    yield node.lineno - 1, message


def random_faults(node: ast.AST) -> Iterator[Fault]:
    """Find random data that differs from run to run."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or not (path := dotted(call.func)):
            continue
        last, module = path[-1], path[:-1]
        seeds = [*call.args, *(word.value for word in call.keywords)]
        fixed = seeds and not (isinstance(seeds[0], ast.Constant) and seeds[0].value is None)
        if last in SEEDED:
            if not fixed:
                message = "without a seed: every student gets different data"
                yield call.lineno - 1, f"{'.'.join(path)} {message}"
        elif (
            module[-1:] == ("random",)
            or module[:1] in [(name,) for name in RANDOM_MODULES]
            or path == ("os", "urandom")
        ):
            message = "draws from a hidden state: use `np.random.default_rng(SEED + k)`"
            yield call.lineno - 1, f"{'.'.join(path)} {message}"


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Return the names of `a.b.c`; nothing for any other expression."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return (*before, node.attr) if before else ()
    return ()


def parameters(tree: ast.AST) -> set[str]:
    """Return the names of all parameters of the functions in a cell."""
    return {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def used(tree: ast.AST) -> set[str]:
    """Return the names that code reads."""
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def telling(answer: ast.expr) -> bool:
    """Tell whether an expression is more than a name, a constant or a single call of one name."""
    work = (ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.Attribute, ast.comprehension)
    return sum(isinstance(node, work) for node in ast.walk(answer)) > 1
