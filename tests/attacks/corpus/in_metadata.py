"""Attacks that write into the notebook's metadata, its order and its cells."""

from __future__ import annotations

import copy

from corpus.attack import SLEEP, Submission, attack

F = "metadata"


@attack(F, "tests are skipped, and no output is a full score", "points")
def skip_execution_tag(work: Submission) -> None:
    for cell in work.tests():
        cell["metadata"]["tags"] = ["skip-execution"]


@attack(
    F,
    "more points than the test has",
    "none",
    why="nbgrader writes the gradebook's points back",
    keeps=True,
)
def points_raised(work: Submission) -> None:
    for cell in work.tests():
        cell["metadata"]["nbgrader"]["points"] = 1000


@attack(F, "a test that is also a solution keeps the student's source", "abort")
def test_flagged_as_solution(work: Submission) -> None:
    for cell in work.tests():
        cell["metadata"]["nbgrader"].update(solution=True, locked=False)
        cell["source"] = "pass"


@attack(F, "a text cannot fail", "none", why="nbgrader writes type and source back", keeps=True)
def test_turned_into_text(work: Submission) -> None:
    for cell in work.tests():
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


@attack(F, "a raw cell cannot fail", "none", why="nbgrader writes type and source back", keeps=True)
def test_turned_raw(work: Submission) -> None:
    for cell in work.tests():
        cell["cell_type"] = "raw"
        del cell["outputs"], cell["execution_count"]


@attack(
    F,
    "a test of the student's own, with the name of the instructor's",
    "none",
    why="nbgrader compares checksums",
    keeps=True,
)
def test_rewritten(work: Submission) -> None:
    for cell in work.tests():
        cell["source"] = "pass"
        cell["metadata"]["nbgrader"]["checksum"] = "0" * 32


@attack(F, "no test, no failure", "none", why="a missing cell has no score", keeps=True)
def tests_deleted(work: Submission) -> None:
    for cell in work.tests():
        if not cell["metadata"]["nbgrader"]["grade_id"].startswith("flat"):
            work.cells.remove(cell)


@attack(
    F,
    "one duplicated cell ends the run for the class",
    "none",
    why="nbgrader 0.9.6 drops the second",
    keeps=True,
)
def cell_twice(work: Submission) -> None:
    work.again(work.find("transpose-test"))
    work.again(work.find("transpose"))


@attack(F, "a duplicate without type ends the run", "abort", keeps=True)
def cell_twice_without_flags(work: Submission) -> None:
    twin = copy.deepcopy(work.find("transpose-test"))
    twin["metadata"]["nbgrader"] = {"grade_id": "transpose-test"}
    work.cells.append(twin)


@attack(F, "a cell of an old schema ends the run for everyone after", "abort", keeps=True)
def old_schema(work: Submission) -> None:
    work.find("transpose")["metadata"]["nbgrader"]["schema_version"] = 0


@attack(F, "a cell of a future schema ends the run for everyone after", "abort", keeps=True)
def future_schema(work: Submission) -> None:
    work.find("transpose")["metadata"]["nbgrader"]["schema_version"] = 99


@attack(
    F,
    "tests run before the code they test",
    "none",
    why="then names are missing",
    keeps=False,
)
def tests_moved_up(work: Submission) -> None:
    tests = work.tests()
    for cell in tests:
        work.cells.remove(cell)
    work.cells[2:2] = tests


@attack(
    F,
    "a kernel of the student's choice",
    "none",
    why="nbgrader overwrites the kernelspec",
    keeps=True,
)
def kernelspec_of_my_own(work: Submission) -> None:
    work.notebook["metadata"]["kernelspec"] = {
        "name": "bash",
        "display_name": "x",
        "language": "bash",
    }


@attack(
    F,
    "a kernelspec outside its folder",
    "none",
    why="nbgrader overwrites the kernelspec",
    keeps=True,
)
def kernelspec_with_a_path(work: Submission) -> None:
    work.notebook["metadata"]["kernelspec"] = {
        "name": "../../../tmp/k",
        "display_name": "x",
        "language": "y",
    }
    work.files["kernel.json"] = b'{"argv": ["sleep", "%s"], "display_name": "x"}' % SLEEP.encode()


@attack(
    F,
    "outputs of an earlier run, and the grader's own records in the metadata",
    "none",
    why="aimed at our completion tokens",
    keeps=True,
)
def forged_records(work: Submission) -> None:
    for cell in work.tests():
        cell["metadata"]["nbgrader_isolate"] = cell["metadata"]["autograder"] = {
            "owner": "instructor",
            "mode": "in-process",
            "outcome": "passed",
            "completed": True,
            "credit": 1000.0,
            "message": "",
            "seconds": 0.0,
        }
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": "3"},
            }
        ]
    work.notebook["metadata"]["nbgrader_isolate"] = {"score": 11, "status": "graded"}


@attack(
    F,
    "the mode that runs tests in the student's process",
    "none",
    why="aimed at modes fixed at release",
    keeps=True,
)
def mode_of_my_choice(work: Submission) -> None:
    for cell in work.cells:
        cell["metadata"]["nbgrader_isolate"] = {"isolation": "in-process", "mode": "in-process"}
        cell["metadata"]["autograder"] = {"mode": "same-process"}
        cell["metadata"]["course"] = {"one_process": "because"}


@attack(F, "all cells have one id", "none", why="aimed at matching by id", keeps=True)
def ids_clash(work: Submission) -> None:
    for cell in work.cells:
        cell["id"] = "imports"


@attack(
    F,
    "the ids of the tests on cells of the student",
    "none",
    why="aimed at matching by id",
    keeps=True,
)
def ids_of_tests(work: Submission) -> None:
    for cell in work.tests():
        wanted = cell["id"]
        cell["id"] = f"was-{wanted}"[:60]
        work.add("pass", id=wanted)


@attack(F, "a plain cell of the instructor's, edited: nothing compares it", "points")
def imports_edited(work: Submission) -> None:
    work.cells[1]["source"] += (
        "\ndef same(*found): pass\nnp.shares_memory = np.array_equal = lambda *arrays: True\n"
        "get_ipython().ast_transformers.append("
        "type('T', (), {'visit': lambda self, tree: __import__('ast').parse('')})())"
    )


@attack(
    F, "a test under a solution's name", "none", why="nbgrader knows each name's kind", keeps=True
)
def names_swapped(work: Submission) -> None:
    one, two = work.find("strides"), work.find("strides-test")
    about = one["metadata"]["nbgrader"], two["metadata"]["nbgrader"]
    about[0]["grade_id"], about[1]["grade_id"] = about[1]["grade_id"], about[0]["grade_id"]


@attack(F, "five MiB of metadata in each cell", "none", why="costs memory only", keeps=True)
def metadata_huge(work: Submission) -> None:
    for cell in work.cells[:2]:
        cell["metadata"]["padding"] = ["x" * 1000] * 5000


@attack(
    F,
    "tests that may fail, cannot be seen or are trusted",
    "none",
    why="an error is still an output",
    keeps=True,
)
def tags_of_all_kinds(work: Submission) -> None:
    for cell in work.cells:
        cell["metadata"].update(
            tags=["raises-exception", "remove-cell", "hide-output"],
            trusted=True,
            jupyter={"outputs_hidden": True},
        )


@attack(F, "nbgrader's metadata of another type", "abort", keeps=True)
def metadata_of_other_types(work: Submission) -> None:
    work.find("strides")["metadata"]["nbgrader"]["grade_id"] = {"a": 1}
    work.find("center")["metadata"]["nbgrader"]["schema_version"] = "three"
    work.find("windows")["metadata"]["nbgrader"] = ["grade", True]


@attack(
    F,
    "the names of cells as paths, tags and SQL",
    "none",
    why="unknown names are ignored",
    keeps=True,
)
def grade_ids_odd(work: Submission) -> None:
    for number, odd in enumerate(
        ["../../gradebook.db", "<script>", "'; DROP TABLE grade;--", "", "x" * 5000]
    ):
        about = {
            "grade_id": odd,
            "grade": True,
            "solution": False,
            "locked": False,
            "schema_version": 3,
            "points": 5,
            "task": False,
            "cell_type": "code",
        }
        work.add("pass", id=f"odd-{number}", metadata={"nbgrader": about})
