"""Run functions of our JavaScript modules under node, on many cases at once."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

JS = Path(__file__).parents[2] / "stridescope" / "src" / "stridescope" / "js"
NODE = shutil.which("node")


def in_node(modules: dict[str, list[str]], body: str, cases: list[Any]) -> list[Any]:
    """Return what `body`, a JavaScript function of one case, gives for each.

    Parameters
    ----------
    modules
        Names to import, by file: in `stridescope/src/stridescope/js`, or an absolute path.
    body
        An expression: ``(c) => merges(c.outer, c.inner)``. It may be asynchronous. What it throws
        becomes ``{"error": …}``.
    """
    imports = "".join(
        f"import {{ {', '.join(names)} }} from {json.dumps((JS / file).as_uri())};\n"
        for file, names in modules.items()
    )
    script = imports + (
        'import { readFileSync } from "node:fs";\n'
        f"const one = {body};\n"
        "const safe = async (c) => {\n"
        "  try { return await one(c); } catch (e) { return { error: e.message }; }\n"
        "};\n"
        'const cases = JSON.parse(readFileSync(0, "utf8"));\n'
        "process.stdout.write(JSON.stringify(await Promise.all(cases.map(safe))));\n"
    )
    assert NODE is not None, "node is needed to run these tests"
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    assert len(found) == len(cases)
    return found
