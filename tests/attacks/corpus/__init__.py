"""The corpus of attacks. `ATTACKS` holds all of them; each family stands in a file of its own."""

from corpus import (
    in_bridge,
    in_escape,
    in_files,
    in_hour,
    in_json,
    in_metadata,
    in_pages,
    in_resources,
    in_shell,
    in_spying,
    in_values,
)
from corpus.attack import ATTACKS

__all__ = [
    "ATTACKS",
    "in_bridge",
    "in_escape",
    "in_files",
    "in_hour",
    "in_json",
    "in_metadata",
    "in_pages",
    "in_resources",
    "in_shell",
    "in_spying",
    "in_values",
]
