"""The live form: one front end for all instruments, mounted only where something can show it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import stridescope as ss
from stridescope.runtime.bundle import loader
from stridescope.runtime.styles import style


def question() -> ss.Instrument:
    return ss.predict("One?", 1, {1: "", 2: "Two."})


def test_all_instruments_share_one_front_end_and_one_style() -> None:
    one, two = question().widget.get_state(), question().widget.get_state()
    assert one["_esm"] == two["_esm"] == loader()
    assert one["_css"] == two["_css"] == style() + "\n"
    assert (one["kind"], one["state"]["ask"]) == ("predict", "One?")


def test_a_reply_comes_back_to_the_kernel() -> None:
    heard: list[object] = []
    shown = ss.Instrument("", "", "predict", {"ask": "One?"}, b"\x01", on_reply=heard.append)
    assert shown.widget.data == b"\x01"
    shown.widget.reply = {"said": "1"}
    assert heard == [{"said": "1"}]


IN_COLAB = """
import sys
from types import ModuleType
import stridescope as ss

asked = []
google, colab = ModuleType("google"), ModuleType("google.colab")
google.colab = colab
colab.output = ModuleType("google.colab.output")
colab.output.enable_custom_widget_manager = lambda: asked.append(True)
sys.modules |= {"google": google, "google.colab": colab, "google.colab.output": colab.output}
for _ in range(2):
    ss.predict("One?", 1, {1: "", 2: "Two."}).widget
print(asked)
"""


@pytest.mark.slow
def test_colab_is_asked_once_to_show_widgets_of_others() -> None:
    """Without being asked, it shows an error in their place."""
    command = [sys.executable, "-c", IN_COLAB]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[True]\n"
