"""What is released is complete, has its license, and is named by its digest."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.core.tool_environment import folder_of_tools
from course.handout import release

ZENODO_KNOWS = {
    *("access_right", "communities", "contributors", "creators", "description", "doi", "grants"),
    *("keywords", "license", "notes", "publication_date", "references", "related_identifiers"),
    *("title", "upload_type", "version"),
}
"""Keys of the metadata of a deposit that a release may use."""


def wheel(folder: Path, license_text: bytes) -> Path:
    with zipfile.ZipFile(folder / "x-1-py3-none-any.whl", "w") as archive:
        archive.writestr("x-1.dist-info/licenses/LICENSE", license_text)
    return folder / "x-1-py3-none-any.whl"


def source(folder: Path, license_text: bytes) -> Path:
    with tarfile.open(folder / "x-1.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("x-1/LICENSE")
        entry.size = len(license_text)
        archive.addfile(entry, io.BytesIO(license_text))
    return folder / "x-1.tar.gz"


@pytest.mark.parametrize("make", [wheel, source])
def test_a_package_needs_the_license_of_this_checkout(tmp_path: Path, make: type) -> None:
    release.check_license(make(tmp_path, b"free"), b"free")
    with pytest.raises(CourseError, match=r"x-1.* does not contain the file LICENSE"):
        release.check_license(make(tmp_path, b"another"), b"free")


def test_a_program_that_fails_is_quoted_and_explained() -> None:
    program = [sys.executable, "-c", "import sys; print('why'); sys.exit(2)"]
    with pytest.raises(CourseError, match=r"^why\nNothing is released: it is wrong\.$"):
        release.run(program, "it is wrong")


def test_the_same_folder_is_the_same_archive(tmp_path: Path) -> None:
    (tmp_path / "folder" / ".hidden").mkdir(parents=True)
    (tmp_path / "folder" / ".hidden" / "a.txt").write_text("a")
    (tmp_path / "folder" / "b.txt").write_text("b")
    first, second = tmp_path / "site.zip", tmp_path / "again" / "site.zip"
    second.parent.mkdir()
    for target in (first, second):
        release.zip_folder(tmp_path / "folder", target)
        os.utime(tmp_path / "folder" / "b.txt", (1, 1))
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).namelist() == ["site/.hidden/a.txt", "site/b.txt"]


def test_the_list_of_digests_is_one_that_sha256sum_reads(tmp_path: Path) -> None:
    for name in ("b.whl", "a.zip"):
        (tmp_path / name).write_bytes(name.encode())
    release.write_sums(tmp_path)
    listed = (tmp_path / release.SUMS).read_text()
    assert listed.splitlines()[0] == f"{hashlib.sha256(b'a.zip').hexdigest()}  a.zip"
    subprocess.run(["sha256sum", "--check", "--quiet", release.SUMS], cwd=tmp_path, check=True)


@pytest.mark.slow
def test_the_citation_is_valid_by_its_schema() -> None:
    tools = folder_of_tools(ROOT / "vendor" / "checks" / "tools.txt", ROOT / "_build")
    citation = str(ROOT / "CITATION.cff")
    release.run([str(tools / "cffconvert"), "--validate", "-i", citation], "it is not valid")


def test_what_zenodo_takes_says_the_same_as_the_citation() -> None:
    zenodo = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert zenodo["title"] == citation["title"]
    assert zenodo["description"] == citation["abstract"].strip()
    assert zenodo["keywords"] == citation["keywords"]
    assert zenodo["license"] in citation["license"]
    assert (zenodo["upload_type"], zenodo["access_right"]) == (citation["type"], "open")
    assert set(zenodo) <= ZENODO_KNOWS, "Zenodo refuses a record with a key that it does not know"
    assert all(set(one) <= {"name", "affiliation", "orcid"} for one in zenodo["creators"])


@pytest.mark.whole("it builds everything, which takes minutes")
@pytest.mark.timeout(1800)
def test_this_checkout_can_be_released() -> None:
    files = release.Release(Folders(ROOT)).check()
    kinds = [file.name.rpartition("-")[2] for file in files]
    assert sum(file.suffix == ".whl" for file in files) == 2
    assert sum(file.name.endswith(".tar.gz") for file in files) == 2
    assert {"site.zip", "student.zip", "jupyterlite.zip", "SHA256SUMS"} <= set(kinds)
