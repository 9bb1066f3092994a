"""Cells that plot, in a site of `make html LIVE=full`.

Part of `make test-all`, since Matplotlib is downloaded (once, to `_build/wheels`); alone,
`TEST_TIER=all python -m pytest tests/browser/test_live_matplotlib.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import live_site
from support.live_reader import Reader
from support.live_site import FREE, PAGE, PLOT
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.tabs import Tabs

pytestmark = pytest.mark.slow
PICTURES = ".out img"


@pytest.fixture(scope="module")
def reader(tabs: Tabs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One reader at a page from disk."""
    root = tmp_path_factory.mktemp("full")
    live = live_site.write_live_site(root, with_matplotlib=True).site
    with visiting(tabs, Reader) as opened:
        yield opened.open(f"{live.as_uri()}/{PAGE}")


def test_a_figure_is_shown_below_its_cell(reader: Reader) -> None:
    reader.run(PLOT)
    picture = reader.cell(PLOT).locator(PICTURES)
    picture.wait_for()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300
    assert (picture.get_attribute("alt") or "").startswith("<Figure size")
    assert "Run here" in reader.shown(PLOT)


def test_images_and_several_figures_are_shown_in_order(reader: Reader) -> None:
    shown = reader.try_(
        "import matplotlib.pyplot as plt\n"
        "from matplotlib.image import imread\n"
        "plt.imsave('a.png', [[0.0, 0.5], [1.0, 0.25]])\npicture = imread('a.png')\n"
        "plt.imshow(picture, cmap='gray')\nplt.show()\nprint(picture.dtype)\nplt.plot([1, 2]);"
    )
    assert "float32" in shown
    assert reader.cell(FREE).locator(PICTURES).count() == 2
    assert "NameError" in reader.try_("plt.plot([1])\nmissing")
    assert reader.cell(FREE).locator(PICTURES).count() == 1
