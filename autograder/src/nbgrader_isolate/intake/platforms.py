"""Downloads of Brightspace, Gradescope, GitHub Classroom and Google Classroom.

Each function returns a reader of paths; some return None if a download is not of that platform. How
a platform writes names is given with an example; none of them promises it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution, Reader

BRIGHTSPACE = re.compile(
    r"(?P<number>\d+-\d+) - (?P<name>.+) - (?P<time>\S[^/]*\d{3,4} ?[AaPp][Mm])"
)
"""`397063-2557369 - Ada Lovelace - Sep 24, 2026 926 PM/hw.ipynb`."""
GRADESCOPE_DATA = "submission_metadata.yml"
"""`assignment_1_export/submission_2/hw.ipynb`, and who that is in `submission_metadata.yml`."""
GRADESCOPE_TOP = re.compile(r"submission_\d+")
GRADESCOPE_KEY = re.compile(r"(['\"]?)(submission_\d+)\1:\s*")
GRADESCOPE_PART = re.compile(r"  :?(submitters|created_at):\s*(.*)")
GRADESCOPE_FIELD = re.compile(r"  (- |  ):?(name|sid|email):\s*(.*)")
"""Lines count by their indentation: a long name goes on in lines that are indented further."""
NO_NEWEST = (
    "has several attempts, and nothing says which is the newest: remove the others from the "
    "download, or use --pattern with a group (?P<attempt>…)"
)
BRIGHTSPACE_TIMES = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%d %B, %Y %I%M %p")


def brightspace(paths: Sequence[str], folder: str) -> Reader:
    """Return a reader of Brightspace's folders, one for each attempt."""
    tops = {path.removeprefix(folder).partition("/")[0] for path in paths}
    attempts: defaultdict[str, list[datetime | None]] = defaultdict(list)
    for top in tops:
        if match := BRIGHTSPACE.fullmatch(top):
            attempts[match["name"]].append(brightspace_time(match["time"]))
    unclear = {
        name
        for name, times in attempts.items()
        if len(times) > 1 and (None in times or len({*times}) < len(times))
    }

    def read(path: str) -> Attribution | None:
        top, _, file = path.removeprefix(folder).partition("/")
        match = BRIGHTSPACE.fullmatch(top)
        if not match or not file:
            return None
        time = brightspace_time(match["time"])
        return Attribution(
            Submitter(match["name"]),
            file,
            place=f"{top}/",
            attempt=time.isoformat() if time else "",
            whole=True,
            time=time,
            doubt=NO_NEWEST if match["name"] in unclear else "",
        )

    return read


def brightspace_time(text: str) -> datetime | None:
    """Return a time as Brightspace writes it in English; None in other languages."""
    times = (time_in(text, layout) for layout in BRIGHTSPACE_TIMES)
    return next((one for one in times if one), None)


def gradescope(paths: Sequence[str], folder: str, data: str) -> Reader | None:
    """Return a reader of Gradescope's export.

    Parameters
    ----------
    paths : sequence of str
    folder : str
        The folder around everything, or "".
    data : str
        The text of Gradescope's file about submissions, from that folder; "" if there is none.
    """
    people = gradescope_people(data)
    tops = {path.removeprefix(folder).partition("/")[0] for path in paths} - {GRADESCOPE_DATA}
    if not people or not all(map(GRADESCOPE_TOP.fullmatch, tops)):
        return None

    def read(path: str) -> Attribution | None:
        top, _, file = path.removeprefix(folder).partition("/")
        submitters, time = people.get(top, ([], None))
        if not file or not submitters:
            return None
        return Attribution(
            submitters[0], file, place=f"{top}/", time=time, others=tuple(submitters[1:])
        )

    return read


def gradescope_people(data: str) -> dict[str, tuple[list[Submitter], datetime | None]]:
    """Return who made each submission, and when, from Gradescope's `submission_metadata.yml`.

    Only the lines that name people and times are read; a student id goes before an e-mail address
    and a name. A text that goes on in further lines is not used.
    """
    people: dict[str, tuple[list[Submitter], datetime | None]] = {}
    found: list[dict[str, str]] = []
    current, time, inside = "", None, False
    for line in [*data.splitlines(), "submission_0:"]:
        if key := GRADESCOPE_KEY.fullmatch(line):
            if current:
                submitters = [submitter for one in found if (submitter := gradescope_person(one))]
                people.setdefault(current, (submitters, time))
            current, found, time, inside = key[2], [], None, False
        elif part := GRADESCOPE_PART.fullmatch(line):
            inside = part[1] == "submitters"
            time = time or gradescope_time(unquoted(part[2]))
        elif inside and (field := GRADESCOPE_FIELD.fullmatch(line)):
            if field[1] == "- ":
                found.append({})
            if found:
                found[-1].setdefault(field[2], unquoted(field[3]))
        elif line[:2].strip() or (line[2:3].strip() and line[2:4] != "- "):
            inside = False
    return people


def unquoted(text: str) -> str:
    """Return the text of a value, without its quotes; "" if it goes on in the next line."""
    text = text.strip()
    quote = text[:1]
    if quote not in ("'", '"'):
        return "" if quote in ("|", ">") else text
    return text[1:-1] if len(text) > 1 and text.endswith(quote) else ""


def gradescope_person(fields: dict[str, str]) -> Submitter | None:
    """Return one of the people of a submission."""
    name = fields.get("name") or fields.get("email") or fields.get("sid") or ""
    number = fields.get("sid") or fields.get("email") or ""
    if not name:
        return None
    email = fields.get("email") or ""
    return Submitter(name, "" if number == name else number, permanent=True, email=email)


def gradescope_time(text: str) -> datetime | None:
    """Return a time such as `2026-11-20 17:30:05.123456000 Z`."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)", text)
    if not match:
        return None
    zone = "+00:00" if match[3] == "Z" else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        return None


def github_classroom(paths: Sequence[str], folder: str, names: Iterable[str]) -> Reader | None:
    """Return a reader of repositories side by side: `hw1-submissions/hw1-adalovelace/hw.ipynb`.

    Parameters
    ----------
    paths : sequence of str
    folder : str
        The folder around everything, or "".
    names : iterable of str
        Names that the assignment may have: those of the download, of the folder, of the course.
    """
    inside = [path.removeprefix(folder) for path in paths]
    tops = {path.partition("/")[0] for path in inside if "/" in path}
    prefix = next(
        (
            one
            for one in repository_prefixes(names)
            if all(top.casefold().startswith(one) for top in tops)
        ),
        "",
    )
    if not tops or not prefix:
        return None

    def read(path: str) -> Attribution | None:
        top, _, file = path.removeprefix(folder).partition("/")
        if not file or len(top) <= len(prefix):
            return None
        return Attribution(Submitter(top[len(prefix) :], account=True), file, place=f"{top}/")

    return read


def repository_prefixes(names: Iterable[str]) -> list[str]:
    """Return what may be before the account in the names of repositories, the longest first."""
    prefixes = {f"{name.removesuffix('-submissions')}-".casefold() for name in names if name}
    return sorted(prefixes, key=lambda prefix: (-len(prefix), prefix))


def account_of(folder: str, names: Iterable[str]) -> str:
    """Return the account in the name of a folder that may be a single repository, or ""."""
    for prefix in repository_prefixes(names):
        if folder.casefold().startswith(prefix) and not folder.endswith("-submissions"):
            return folder[len(prefix) :]
    return ""


def time_in(text: str, layout: str) -> datetime | None:
    """Return a time in a layout of `strptime`, without a zone; None if it has another."""
    try:
        return datetime.strptime(text, layout)  # noqa: DTZ007 - the platform names no zone
    except ValueError:
        return None
