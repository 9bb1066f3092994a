"""Attacks by the bytes of the notebook: what a parser trips over."""

from __future__ import annotations

import json

from corpus.attack import Submission, attack

F = "bytes"


@attack(F, "nesting 10,000 deep", "abort")
def nested_deep(work: Submission) -> None:
    work.raw = (b'{"a":' * 10_000) + b"1" + b"}" * 10_000


@attack(F, "nesting 900 deep in the metadata", "abort")
def nested_in_metadata(work: Submission) -> None:
    deep: object = 1
    for _ in range(900):
        deep = [deep]
    text = json.dumps(work.notebook).replace('"metadata": {', '"metadata": {"deep": DEEP, ', 1)
    work.raw = text.replace("DEEP", "[" * 900 + "]" * 900).encode()


@attack(F, "20,000 cells", "hang")
def cells_20000(work: Submission) -> None:
    for number in range(20_000):
        work.cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": "1",
                "id": f"n{number}",
            }
        )


@attack(
    F, "bytes of value zero", "none", why="kept in strings; Python refuses the cell", keeps=True
)
def nul_bytes(work: Submission) -> None:
    work.add("x = 1\x00\nx = 2")
    work.text("a\x00b")


@attack(F, "halves of characters, which no file can hold", "abort")
def lone_surrogates(work: Submission) -> None:
    work.add("x = '\ud800'")
    work.raw = work.json().encode()


@attack(F, "two lists of cells in one notebook", "none", why="the last one counts", keeps=False)
def keys_twice(work: Submission) -> None:
    work.raw = work.json().replace('{"cells"', '{"cells": [], "cells"', 1).encode()


@attack(F, "numbers that JSON does not have", "none", why="Python reads them", keeps=False)
def numbers_odd(work: Submission) -> None:
    text = work.json().replace(
        '"metadata": {', '"metadata": {"a": NaN, "b": Infinity, "c": 1e999, ', 1
    )
    work.raw = text.encode()


@attack(F, "a number of 10,000 digits", "abort")
def number_long(work: Submission) -> None:
    work.raw = work.json().replace('"nbformat": 4', '"nbformat": ' + "9" * 10_000).encode()


@attack(F, "a notebook of 50 MB", "flood")
def notebook_50_mb(work: Submission) -> None:
    work.text("x" * 50_000_000)


@attack(F, "nbformat 99", "abort")
def nbformat_99(work: Submission) -> None:
    work.notebook["nbformat"] = 99


@attack(F, "nbformat as a word", "abort")
def nbformat_word(work: Submission) -> None:
    work.notebook["nbformat"] = "four"


@attack(F, "a minor version of 10 million", "none", why="read as a newer minor version", keeps=True)
def nbformat_minor_huge(work: Submission) -> None:
    work.notebook["nbformat_minor"] = 10_000_000


@attack(F, "entries that are not cells", "abort")
def cells_of_other_types(work: Submission) -> None:
    work.cells[3:3] = [
        None,
        1,
        "cell",
        [],
        {},
        {"cell_type": ["code"]},
        {"cell_type": "code", "source": 5},
    ]


@attack(F, "cells as a dict", "abort")
def cells_as_dict(work: Submission) -> None:
    work.notebook["cells"] = {"0": work.cells[0]}


@attack(F, "metadata as a list", "abort")
def metadata_as_list(work: Submission) -> None:
    work.notebook["metadata"] = ["kernelspec"]
    work.cells[0]["metadata"] = "none"


@attack(F, "sources as lists of lists", "abort")
def sources_nested(work: Submission) -> None:
    work.find("strides")["source"] = [["column_strides = (8, 32)"], None, 3]


@attack(F, "an empty file", "abort")
def nothing_at_all(work: Submission) -> None:
    work.raw = b" "


@attack(F, "half a notebook", "abort")
def cut_off(work: Submission) -> None:
    work.raw = work.json().encode()[:4000]


@attack(F, "UTF-16", "abort")
def utf_16(work: Submission) -> None:
    work.raw = work.json().encode("utf-16")


@attack(F, "bytes that are not text", "abort")
def bytes_random(work: Submission) -> None:
    work.raw = bytes(range(256)) * 64


@attack(F, "JSON that is not an object", "abort")
def json_is_a_list(work: Submission) -> None:
    work.raw = b"[1, 2, 3]"


@attack(F, "an encoding declared in the source", "none", why="a cell is text already", keeps=True)
def encoding_header(work: Submission) -> None:
    work.add("# -*- coding: utf-7 -*-\nx = '+AGEAcwBzAGUAcgB0-'")


@attack(
    F, "outputs of forty MIME types and a MiB each", "none", why="nbgrader clears them", keeps=True
)
def outputs_large(work: Submission) -> None:
    work.find("strides")["outputs"] = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {f"x/{n}": "y" * 100_000 for n in range(40)},
        }
    ]
