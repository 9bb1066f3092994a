"""The renderer of pages, for tests that make many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

from course.render import Renderer

if TYPE_CHECKING:
    from jinja2.bccache import Bucket
    from nbconvert.exporters import TemplateExporter


class Compiled(BytecodeCache):
    """Templates that are compiled once for all renderers of this process."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what an earlier renderer compiled of the same source."""
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class QuickRenderer(Renderer):
    """A renderer as the site's that need not compile the templates anew."""

    def _make_exporter(self) -> TemplateExporter:
        exporter = super()._make_exporter()
        exporter.environment.bytecode_cache = COMPILED
        return exporter
