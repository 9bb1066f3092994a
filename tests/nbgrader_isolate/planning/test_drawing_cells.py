"""Which cells only draw, and which may change what tests see."""

from __future__ import annotations

import ast

import pytest

from nbgrader_isolate.planning.drawing_cells import only_draws


def draws(source: str, *needed: str) -> bool:
    return only_draws(ast.parse(source), {"plt"}, {"np", "pd"}, {"plt", *needed})


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot(x, np.sin(x), label='sin')\nplt.legend();",
        "fig, axes = plt.subplots(2, 2)\nfor ax, i in zip(axes.ravel(), x):\n    ax.imshow(i[0])",
        "m = table.groupby('city')['units'].sum()\nplt.bar(m.index, m.values)\nplt.show()",
        "fig = plt.figure()\nax = fig.add_subplot()\nax.set_title(f'{len(x)} points')",
    ],
)
def test_a_cell_that_only_draws_is_known(source: str) -> None:
    assert draws(source, "x", "table")


@pytest.mark.parametrize(
    "source",
    [
        "y = np.sin(x)",
        "plt.plot(x)\nx[0] = 5",
        "plt.plot(x)\nx += 1",
        "plt.plot(x)\nx.name = 5",
        "plt.plot(x)\ny = x\ny.append(4)",
        "plt.plot(x)\nx.sort()",
        "plt.plot(x)\nx.fill(0)",
        "plt.plot(np.sin(x, out=x))",
        "plt.plot(x)\ntable.sort_values('a', inplace=True)",
        "plt.plot(x)\nnp.put(x, 0, 1)",
        "plt.plot(np.random.rand(3))",
        "plt.plot(numbers.normal(size=3))",
        "plt.plot(own(x))",
        "plt.savefig('x.png')",
        "plt.style.use('ggplot')",
        "plt.rcParams['font.size'] = 20",
        "plt.rcParams.update({})",
        "import seaborn\nplt.plot(x)",
        "def f():\n    plt.plot(x)",
        "plt.plot(x)\ndel x",
        "with plt.ion():\n    pass",
        "plt.plot(*[x.pop() for _ in x])",
        "plt.plot((y := x))",
        "plt.plot(x)\nsetattr(x, 'a', 1)",
        "plt.plot(x)\n(lambda: x)()",
        "plt.plot(x, **style)",
    ],
)
def test_a_cell_that_may_do_more_is_run(source: str) -> None:
    assert not draws(source)


def test_a_cell_that_binds_what_others_read_is_run() -> None:
    assert draws("line = plt.plot(x)")
    assert not draws("line = plt.plot(x)", "line")
