"""The corpus of attacks: `ATTACKS` contains all of them, and each family has its own file."""

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
