"""What scripts carry is what was put in."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib

import pytest

from course.core import scripts


@pytest.mark.parametrize("data", [b"", b"\x00", b"abc" * 1000, bytes(range(256))])
def test_both_texts_can_be_unpacked(data: bytes) -> None:
    assert zlib.decompress(base64.b64decode(scripts.text64(data))) == data
    assert zlib.decompress(base64.b85decode(scripts.text85(data))) == data


def test_a_front_end_is_named_by_its_digest_and_is_one_line_without_quotes() -> None:
    module = 'export default { render() { return "“é”\\n"; } };\n'
    name, text = scripts.front_end(module)
    key = hashlib.sha256(module.encode()).hexdigest()[:8]
    assert name == f"instruments-{key}.js"
    found = re.fullmatch(r'\(self\.frontEnds \?\?= \{\}\)\["(\w+)"\] = "([^"\\\n]*)";\n', text)
    assert found is not None
    assert found[1] == key
    assert zlib.decompress(base64.b85decode(found[2])).decode() == module
