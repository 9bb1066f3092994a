"""Paint the picture of the lesson on filters: a lighthouse at night, 400 x 400, as PNG and as JPEG.

The first page shows a part of it, half as a relief. Run `python img/lighthouse.py`. Everything is
computed, nothing is random: the same picture every time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = 400
FINER = 3
"""Painted this many times larger and averaged, which makes edges smooth."""
SHARP = 2
"""How many times larger the part on the first page is, for screens with fine pixels."""
HERE = Path(__file__).parent

Mask = NDArray[np.bool_]
Picture = NDArray[np.float64]
Colour = tuple[int, int, int]


def places(scale: int) -> tuple[Picture, Picture]:
    """Return x (to the right) and y (down) of every point, 0 to 400; for scale 1, (1200, 1200)."""
    axis = (np.arange(SIZE * scale * FINER) + 0.5) / (scale * FINER)
    x, y = np.meshgrid(axis, axis)
    return x, y


def blend(picture: Picture, mask: Picture | Mask, colour: Colour) -> None:
    """Lay a colour over the picture where the mask is above 0, in place."""
    part = np.asarray(mask, dtype=np.float64)[..., np.newaxis]
    picture += part * (np.array(colour, dtype=np.float64) - picture)


def ridge(x: Picture, height: float, waves: tuple[tuple[float, float, float], ...]) -> Picture:
    """Return the y of a line of hills: a height and waves of (size, length, phase)."""
    return height + sum(size * np.sin(x / length + phase) for size, length, phase in waves)


def sky(x: Picture, y: Picture) -> Picture:
    """Return the evening sky with its moon and the hills behind the water."""
    part = np.clip(y / 270, 0, 1)[..., np.newaxis]
    high, low = np.array([24.0, 34.0, 72.0]), np.array([238.0, 158.0, 104.0])
    picture = high + (low - high) * part**1.6
    blend(picture, np.hypot(x - 92, y - 84) < 34, (250, 240, 214))
    blend(picture, 0.35 * (np.hypot(x - 84, y - 92) < 9), (190, 170, 150))
    blend(picture, 0.35 * (np.hypot(x - 104, y - 74) < 6), (190, 170, 150))
    blend(picture, y > ridge(x, 236, ((16, 31, 0.4), (7, 11, 2.0))), (128, 92, 108))
    blend(picture, y > ridge(x, 256, ((11, 23, 1.7), (4, 7, 0.3))), (78, 66, 94))
    return picture


def sea(picture: Picture, x: Picture, y: Picture) -> None:
    """Lay the water over the picture, with ripples that grow towards the reader."""
    near = np.clip((y - 276) / 124, 0, 1)
    ripple = np.sin((y - 270) / (0.9 + 4 * near) + 1.6 * np.sin(x / (9 + 30 * near)))
    blend(picture, y > 276, (44, 62, 96))
    blend(picture, (y > 278) & (ripple > 0.72), (196, 138, 112))


def tower(picture: Picture, x: Picture, y: Picture) -> None:
    """Set the lighthouse on its rock, with stripes, windows, gallery and lamp."""
    blend(
        picture,
        y > ridge(x, 330, ((14, 17, 0.2), (5, 5, 1.0))) - 60 * np.exp(-(((x - 268) / 62) ** 4)),
        (34, 34, 44),
    )
    slant = 22 + (y - 120) * 0.09
    body = (np.abs(x - 268) < slant) & (y > 120) & (y < 286)
    blend(picture, body, (236, 230, 220))
    blend(picture, body & ((y - 120) // 28 % 2 == 1), (178, 52, 48))
    shade = np.clip((x - 268) / slant, 0, 1) * 0.5
    blend(picture, body * shade, (40, 30, 50))
    for top in (132, 188, 244):
        blend(picture, (np.abs(x - 262) < 5) & (np.abs(y - top) < 8), (36, 34, 46))
    blend(picture, (np.abs(x - 268) < 30) & (np.abs(y - 118) < 4), (40, 40, 50))
    blend(picture, (np.abs(x - 268) < 16) & (y > 84) & (y < 114), (255, 232, 150))
    blend(
        picture,
        (np.abs((x - 268) % 8 - 4) < 0.9) & (np.abs(x - 268) < 16) & (y > 84) & (y < 114),
        (40, 40, 50),
    )
    blend(picture, (np.abs(x - 268) < (y - 62) * 0.9) & (y > 62) & (y < 84), (150, 44, 42))


def beam(picture: Picture, x: Picture, y: Picture) -> None:
    """Let the lamp shine to the left."""
    away = 252 - x
    inside = (away > 0) & (np.abs(y - 99 - 0.06 * away) < 5 + 0.13 * away)
    blend(picture, inside * 0.55 * np.exp(-np.clip(away, 0, None) / 190), (255, 240, 180))


def paint(scale: int = 1) -> NDArray[np.uint8]:
    """Return the picture, (400, 400, 3) of uint8, or `scale` times as large."""
    x, y = places(scale)
    picture = sky(x, y)
    beam(picture, x, y)
    sea(picture, x, y)
    tower(picture, x, y)
    small = picture.reshape(SIZE * scale, FINER, SIZE * scale, FINER, 3).mean(axis=(1, 3))
    return np.rint(np.clip(small, 0, 255)).astype(np.uint8)


def relief(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the part around the tower, (480, 720, 3), the right half filtered as in the lesson.

    The picture is painted for `SHARP`.
    """
    kernel = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
    red = picture[..., 0].astype(np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(red, (3, 3))
    filtered = np.clip((windows * kernel).sum(axis=(2, 3)), 0, 255).astype(np.uint8)
    rows, columns = (slice(SHARP * n, SHARP * (n + m)) for n, m in ((34, 240), (39, 360)))
    middle = SHARP * 268
    part = picture[1:-1, 1:-1].copy()
    part[:, middle:] = filtered[:, middle:, np.newaxis]
    return part[rows, columns]


def main() -> None:
    """Write the files beside this script."""
    picture = paint()
    image = Image.fromarray(picture)
    image.save(HERE / "lighthouse.png", optimize=True)
    image.save(HERE / "lighthouse.jpg", quality=88, subsampling=0)
    Image.fromarray(relief(paint(SHARP))).save(HERE / "relief.jpg", quality=82)


if __name__ == "__main__":
    main()
