"""What a page refuses: pictures without a name, links to nowhere, headings out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from course.render import (
    AltError,
    HeadingError,
    LinkError,
    MathError,
    OutputError,
    RenderError,
)
from support.lesson_page import (
    PIXEL,
    SLUG,
    code,
    markdown,
    render,
    shown,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

REFUSED = [
    (AltError, markdown("![](data:image/png;base64,AAAA)"), "no alt text"),
    (AltError, markdown('<img src="data:image/png;base64,AAAA">'), "no alt text"),
    (AltError, markdown('<img alt=" " src="data:image/png;base64,AAAA">'), "no alt text"),
    (AltError, code("plot()", shown(image_png=PIXEL)), "no alt text"),
    (AltError, code("draw()", shown(text_html="<svg><path d='M0 0'/></svg>")), "neither <title>"),
    (LinkError, markdown("[next](01-dtypes.ipynb)"), "no such lesson"),
    (LinkError, markdown("[next](01-dtypes.html)"), "no such lesson"),
    (LinkError, markdown("[data](missing.csv)"), "no such lesson or file"),
    (LinkError, markdown("[root](/etc/passwd)"), "leads nowhere"),
    (LinkError, markdown("[above](#Nowhere)"), "no such heading"),
    (LinkError, markdown("![x](../img/missing.png)"), "leads nowhere"),
    (LinkError, markdown("![x](https://example.org/x.png)"), "must work offline"),
    (
        LinkError,
        code("x", shown(text_html="<script src='//cdn.example/x.js'></script>")),
        "offline",
    ),
    (LinkError, code("x", shown(text_html="<style media='all'>@import 'x'</style>")), "@import"),
    (LinkError, code("x", shown(text_html="<b style='background:url(x.png)'>x</b>")), "url("),
    (MathError, markdown(r"$\foo$"), r"\foo is unknown"),
    (MathError, markdown(r"$\frac{1$"), "braces"),
    (MathError, markdown("$x_$"), "cannot be read"),
    (MathError, markdown(r"$\left( x$"), "cannot be read"),
    (MathError, markdown(r"$$\begin{pmatrix}1\\2\end{pmatrix}^{\top}$$"), "put braces"),
    (HeadingError, markdown("# Second title"), "second title"),
    (HeadingError, markdown("### Deep"), "must be ##"),
    (HeadingError, markdown("## Twice\n\n## Twice"), "links need only one"),
    (OutputError, code("x", shown(application_pdf="…")), "none of which"),
]


@pytest.mark.parametrize(("kind", "cell", "message"), REFUSED)
def test_what_would_fail_a_reader_is_refused(
    kind: type[RenderError], cell: NotebookNode, message: str
) -> None:
    with pytest.raises(kind) as caught:
        render(markdown("Good."), cell)
    assert message in str(caught.value)
    assert (caught.value.slug, caught.value.cell) == (SLUG, 3)
    assert str(caught.value).startswith(f"{SLUG}, cell 3: ")


def test_a_lesson_without_a_title_is_refused() -> None:
    with pytest.raises(HeadingError, match="no title"):
        render(title="No heading here.")


def test_a_style_that_fetches_is_refused_even_when_it_is_shared() -> None:
    with pytest.raises(LinkError, match="url"):
        render(code("x", shown(text_html="<style>b { background: url(x.png) }</style>")))
