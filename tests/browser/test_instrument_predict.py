"""A prediction in the page: one tap answers and says how sure; what was shaky comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stridescope as ss
from stridescope.instruments.predict import QUESTIONS
from stridescope.runtime import answer_log
from support.axe import violations
from support.instrument_pages import READY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from conftest import Scheme
    from support.instrument_pages import Show

A = np.zeros((3, 3), np.int64)
WHY = "A row is 24 bytes."
MISTAKES = {(3, 1): "Strides count `bytes`.", A.strides: "", (8, 24): "That is F order."}


def wider(seed: int) -> tuple[str, object, Mapping[Any, str], str]:
    """The question about strides, for a row longer by `seed`."""
    b = np.zeros((3, 3 + seed), np.int64)
    return (
        f"`b` has shape {b.shape}. What is `b.strides`?",
        b.strides,
        {b.strides: "", (1, 1): "No."},
        "",
    )


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    QUESTIONS.clear()


def ask(question: str = "What is `a.strides`?") -> ss.Instrument:
    return ss.predict(question, A.strides, MISTAKES, why=WHY, again=wider, ordered=True)


def press(page: Page | Locator, name: str) -> None:
    """Press a button; for `answer: how sure`, first the row of that answer."""
    row, colon, _ = name.rpartition(": ")
    if colon and row != "Your answer":
        page.get_by_role("button", name=row, exact=True).first.click()
    page.get_by_role("button", name=name, exact=True).first.click()


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("JSON.parse(localStorage['stridescope/ledger'] ?? '{}')")
    return found


def tries(page: Page) -> list[dict[str, Any]]:
    ((_key, entry),) = kept(page).items()
    found: list[dict[str, Any]] = entry["tries"]
    return found


# One answer ---------------------------------------------------------------------------------------


def test_one_tap_commits_answer_and_confidence(show: Show) -> None:
    page = show(ask())
    assert page.get_by_role("button", name="(3, 1): sure").count() == 0
    press(page, "(3, 1): sure")
    said = page.locator(".ss-predict-verdict")
    assert said.inner_text() == "Not yet. Strides count bytes."
    assert page.locator(".ss-predict-wrong").inner_text().startswith("(3, 1)")
    assert page.locator(".ss-predict-right .ss-predict-because").inner_text() == WHY
    assert tries(page) == [{"said": "`(3, 1)`", "sure": True, "right": False, "seed": 0}]
    assert said.evaluate("(box) => box === document.activeElement")
    assert page.locator(".ss-predict-done .ss-predict-said").all_inner_texts() == [
        "✗ you, sure",
        "✓ NumPy says",
        "",
    ]


def test_only_the_chosen_row_asks_how_sure_the_reader_is(show: Show) -> None:
    page = show(ask())
    rows = page.locator(".ss-predict-list li")
    rows.nth(0).get_by_role("button").click()
    rows.nth(2).get_by_role("button").click()
    shown = [rows.nth(k).locator(".ss-predict-sure").is_visible() for k in range(3)]
    assert shown == [False, False, True]
    expanded = [row.get_attribute("aria-expanded") for row in rows.locator("> button").all()]
    assert expanded == ["false", "false", "true"]
    assert kept(page) == {}


def test_a_right_answer_is_confirmed_and_explained(show: Show) -> None:
    page = show(ask())
    press(page, "(24, 8): think so")
    assert page.locator(".ss-predict-verdict").inner_text().split("\n\n") == ["✓ Yes.", WHY]
    assert page.locator(".ss-predict-right").inner_text().startswith(str(A.strides))
    assert tries(page)[0]["right"] is True
    assert tries(page)[0]["sure"] is False


def test_to_be_shown_is_never_wrong(show: Show) -> None:
    page = show(ask())
    press(page, "Show me")
    assert page.locator(".ss-predict-right .ss-predict-verdict").inner_text() == WHY
    assert page.locator(".ss-predict-wrong").count() == 0
    assert tries(page) == [{"said": None, "sure": False, "right": False, "seed": 0}]
    assert not answer_log.is_due({"tries": tries(page)})


@pytest.mark.sample("(24, 8): sure", "Show me")
@pytest.mark.parametrize("name", ["(24, 8): sure", "(3, 1): think so", "Show me"])
def test_any_answer_uncovers_numpys(show: Show, name: str) -> None:
    page = show(ask())
    answer = page.get_by_text("answer 0")
    assert not answer.is_visible()
    press(page, name)
    assert answer.is_visible()
    assert "open" in page.locator("#said").inner_text()


def test_it_is_answered_with_the_keyboard_alone(show: Show) -> None:
    page = show(ask())
    page.get_by_role("button", name="(3, 1)", exact=True).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.ariaLabel") == "(24, 8): think so"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.ariaLabel") == "(24, 8): sure"
    page.keyboard.press("Enter")
    assert tries(page)[0] == {"said": "`(24, 8)`", "sure": True, "right": True, "seed": 0}
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "(3, 1)"


def test_an_answer_stands_there_again_after_a_reload(show: Show) -> None:
    page = show(ask())
    press(page, "(3, 1): sure")
    page.reload()
    page.wait_for_function(READY)
    assert page.locator(".ss-predict-done .ss-predict-said").first.inner_text() == "✗ you, sure"
    assert page.get_by_text("answer 0").is_visible()
    press(page, "Answer again")
    press(page, "(24, 8): sure")
    assert [one["right"] for one in tries(page)] == [False, True]


def test_it_works_where_the_browser_may_not_remember(show: Show) -> None:
    page = show(ask(), ss.review(), reused=False)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    page.reload()
    page.wait_for_function(READY)
    press(page, "(24, 8): sure")
    assert "✓ Yes, and you were sure." in page.locator(".ss-predict-verdict").inner_text()


def test_predictions_on_one_page_bear_names_of_their_own(show: Show) -> None:
    page = show(ask(), ask("What is `a.T.strides`?"))
    names = [f.get_attribute("aria-label") for f in page.locator(".ss-predict").all()]
    assert names == ["Prediction: What is a.strides?", "Prediction: What is a.T.strides?"]


def test_markup_in_a_question_stays_text(show: Show) -> None:
    evil = "<img src=x onerror=alert(1)>"
    page = show(ss.predict(evil, evil, {evil: evil, f"`{evil}`": "no"}, why=evil, ordered=True))
    press(page, f"{evil}: sure")
    assert page.locator("main img").count() == 0
    assert evil in page.locator(".ss-predict-verdict").inner_text()


# Typed answers ------------------------------------------------------------------------------------


def type_in(page: Page, text: str, how: str = "sure") -> None:
    page.get_by_role("textbox", name="Your answer").fill(text)
    press(page, f"Your answer: {how}")


@pytest.mark.sample("+24 08")
@pytest.mark.parametrize(
    "text", ["(24, 8)", "[24,8]", "24 8", " 24,  8 ", "24×8", "(24, 8,)", "+24 08"]
)
def test_forms_that_mean_the_same_count_as_the_same(show: Show, text: str) -> None:
    page = show(ss.predict("Strides?", A.strides, free=True, why=WHY))
    type_in(page, text)
    assert "✓ Yes, and you were sure." in page.locator(".ss-predict-verdict").inner_text()
    assert page.get_by_text("answer 0").is_visible()


def test_a_wrong_answer_that_was_foreseen_is_explained(show: Show) -> None:
    question = ss.predict("Strides?", A.strides, {(8, 24): "That is F order."}, free=True, why=WHY)
    page = show(question)
    type_in(page, "8 24", "think so")
    said = page.locator(".ss-predict-verdict").inner_text()
    assert "You: 8 24 (think so)" in said
    assert "Not yet. That is F order." in said
    assert f"NumPy: {A.strides}" in said


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("(24, 8", "brackets"), ("abc", "not made of numbers")],
)
def test_what_cannot_be_an_answer_is_not_taken_for_one(show: Show, text: str, refusal: str) -> None:
    page = show(ss.predict("Strides?", A.strides, free=True))
    type_in(page, text)
    assert refusal in page.locator(".ss-refused").inner_text()
    assert kept(page) == {}
    assert page.get_by_role("textbox").evaluate("(box) => box === document.activeElement")
    page.get_by_role("textbox").fill("24 8")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert tries(page)[0]["right"] is True
    assert tries(page)[0]["sure"] is False


def test_a_number_has_a_label_and_a_unit_and_is_asked_how_sure_once_it_is_there(show: Show) -> None:
    page = show(ss.predict("How many lines?", 1000, free=True, unit="cache lines"))
    assert page.locator(".ss-predict-label").inner_text().split("\n") == [
        "Your answer",
        "cache lines",
    ]
    field = page.get_by_role("textbox", name="Your answer, in cache lines")
    sure = page.get_by_role("button", name="Your answer: sure")
    assert field.get_attribute("placeholder") == "such as 57"
    assert sure.is_disabled()
    field.press("Enter")
    assert "Type an answer first" in page.locator(".ss-refused").inner_text()
    field.press_sequentially("1")
    assert page.locator(".ss-refused").inner_text() == ""
    assert page.get_by_text("How sure?").is_visible()
    field.fill(" ")
    assert sure.is_disabled()
    field.fill("1000")
    assert sure.inner_text() == "Sure"
    press(page, "Your answer: sure")
    assert "✓ Yes, and you were sure." in page.locator(".ss-predict-verdict").inner_text()


# The ledger and the review ------------------------------------------------------------------------


def test_the_code_of_a_page_is_read_by_a_notebook(show: Show) -> None:
    page = show(ask(), ss.review(), permissions=["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy my answers for JupyterLab")
    assert copy.count() == 0
    press(page, "(8, 24): sure")
    copy.click()
    page.get_by_text("Copied. Paste it into a cell").wait_for()
    line = page.evaluate("navigator.clipboard.readText()")
    assert line == page.get_by_role("textbox").input_value()
    code = line.removeprefix('ss.review("').removesuffix('")')
    assert answer_log.merge(code) == answer_log.read() == kept(page)
    assert answer_log.merge(code) == kept(page), "a code given twice adds nothing"
    assert ss.review(code).text.startswith("One question comes back")


def test_what_was_wrong_or_unsure_comes_back_with_new_numbers(show: Show) -> None:
    page = show(ask(), ask("And now?"), ask("And then?"), ss.review())
    review = page.locator(".ss-review")
    assert "Nothing to repeat yet" in review.inner_text()
    questions = page.locator(".ss-predict")
    press(questions.nth(0), "(3, 1): sure")
    press(questions.nth(1), "(24, 8): think so")
    press(questions.nth(2), "(24, 8): sure")
    assert "2 questions come back" in review.inner_text()
    press(page, "Ask me all 2 again")
    shape, strides = (3, 4), np.zeros((3, 4), np.int64).strides
    assert (
        review.locator(".ss-ask").first.inner_text() == f"b has shape {shape}. What is b.strides?"
    )
    assert review.locator("button").first.evaluate("(b) => b === document.activeElement")
    press(review.locator(".ss-predict-one").nth(0), f"{strides}: sure")
    press(review.locator(".ss-predict-one").nth(1), f"{strides}: sure")
    page.reload()
    page.wait_for_function(READY)
    assert "Nothing comes back" in review.inner_text()
    assert (
        questions.nth(0).locator(".ss-predict-done .ss-predict-said").first.inner_text()
        == "✗ you, sure"
    )


# Looks --------------------------------------------------------------------------------------------


@pytest.mark.sample("dark-320")
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(
    show: Show, width: int, scheme: Scheme
) -> None:
    typed = ss.predict("Strides?", A.strides, free=True, why=WHY)
    page = show(ask(), typed, ss.review(), width=width, scheme=scheme, reduced_motion="reduce")
    assert violations(page) == []
    press(page, "(3, 1): sure")
    type_in(page, "1 2")
    press(page, "Copy my answers for JupyterLab")
    press(page, "Ask me all 2 again")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_buttons_are_large_enough_for_a_thumb(show: Show) -> None:
    page = show(ask(), width=390, has_touch=True)
    page.locator(".ss-predict-choice").first.click()
    boxes = [b.bounding_box() for b in page.locator(".ss-predict button:visible").all()]
    assert all(box and box["height"] >= 44 and box["width"] >= 44 for box in boxes)


def test_to_be_shown_a_typed_answer_with_known_mistakes_shows_it(show: Show) -> None:
    page = show(ss.predict("Strides?", A.strides, {(3, 1): "Elements."}, free=True))
    press(page, "Show me")
    assert page.locator(".ss-predict-verdict").inner_text() == f"NumPy: {A.strides}"


# Answered by touching a picture -------------------------------------------------------------------

T = np.arange(1, 13, dtype=np.int16).reshape(3, 4).copy()


def touching(of: str = "byte", again: Any = None) -> ss.Instrument:  # noqa: ANN401 - as predict's
    answer = T.strides[0] + 2 * T.strides[1] if of == "byte" else (1, 2)
    wrong = {6: "That is `a[0, 3]`."} if of == "byte" else {}
    return ss.predict("Where is `a[1, 2]`?", answer, wrong, why="8 and 4.", touch=T, again=again)


def box(page: Page, byte: int) -> Locator:
    return page.locator(f'.ss-predict svg [data-byte="{byte}"]').first


def rings(page: Page) -> list[list[str]]:
    """Per picture after the answer, the texts in focus."""
    found: list[list[str]] = page.locator(".ss-predict-one .ss-strip svg").evaluate_all(
        "(all) => all.map((svg) => "
        "[...svg.querySelectorAll('g.i[data-byte]')].map((g) => g.textContent))"
    )
    return found


def test_a_byte_is_touched_and_said_to_be_sure_of(show: Show) -> None:
    page = show(touching())
    box(page, 6).click()
    assert (
        page.locator(".ss-predict-touch").inner_text() == "Your answer: byte 6. How sure are you?"
    )
    press(page, "Your answer: sure")
    assert tries(page) == [{"said": "byte 6", "sure": True, "right": False, "seed": 0}]
    assert page.locator(".ss-predict-whose").all_inner_texts() == [
        "You (sure): byte 6",
        "✓ NumPy: byte 12",
    ]
    assert rings(page) == [[str(T.ravel()[3])], [str(T[1, 2])]]
    assert page.locator(".ss-predict-verdict").inner_text().split("\n\n") == [
        "Not yet. That is a[0, 3].",
        "NumPy: byte 12. 8 and 4.",
    ]
    assert page.get_by_text("answer 0").is_visible()


def test_the_right_byte_leaves_one_picture_with_the_steps_that_lead_there(show: Show) -> None:
    page = show(touching())
    box(page, 12).click()
    press(page, "Your answer: think so")
    assert page.locator(".ss-predict-whose").inner_text() == "✓ You (think so) and NumPy: byte 12"
    arcs = page.locator(".ss-predict-one .ss-strip .j text").all_text_contents()
    assert arcs == [f"+{T.strides[0]}", *[f"+{T.strides[1]}"] * 2]


def test_a_byte_is_touched_with_the_keyboard_alone(show: Show) -> None:
    page = show(touching())
    page.get_by_role("application", name="Touch a byte of a").focus()
    for key in ["ArrowRight"] * 7 + ["ArrowLeft"]:
        page.keyboard.press(key)
    assert page.locator(".ss-predict-touch").inner_text() == f"byte 12: value {T[1, 2]}"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == "Your answer: think so"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert tries(page) == [{"said": "byte 12", "sure": True, "right": True, "seed": 0}]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "Touch a byte" in page.evaluate("document.activeElement.ariaLabel")


def test_moving_about_never_says_where_the_element_lies(show: Show) -> None:
    page = show(touching("element"))
    page.get_by_role("application", name="Touch an element of a").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".ss-predict-touch").inner_text() == f"row 1, column 0: value {T[1, 0]}"
    page.locator('.ss-predict svg [data-index="1,2"]').click()
    press(page, "Your answer: sure")
    assert tries(page)[0]["said"] == "[1, 2]"
    assert tries(page)[0]["right"] is True


def test_without_a_touch_there_is_nothing_to_be_sure_of(show: Show) -> None:
    page = show(touching())
    press(page, "Your answer: sure")
    said = "Touch a byte, or choose it with the arrow keys and Enter."
    assert page.locator(".ss-predict-touch").inner_text() == said
    assert page.locator(".ss-predict svg").evaluate("(svg) => svg === document.activeElement")
    assert kept(page) == {}


def test_to_be_shown_a_place_draws_numpys_picture_alone(show: Show) -> None:
    page = show(touching())
    press(page, "Show me")
    assert page.locator(".ss-predict-whose").all_inner_texts() == ["✓ NumPy: byte 12"]


def test_a_touched_answer_stands_there_again_after_a_reload(show: Show) -> None:
    page = show(touching())
    box(page, 6).click()
    press(page, "Your answer: sure")
    page.reload()
    page.wait_for_function(READY)
    assert page.locator(".ss-predict-whose").first.inner_text() == "You (sure): byte 6"
    press(page, "Answer again")
    box(page, 12).click()
    press(page, "Your answer: sure")
    assert [one["right"] for one in tries(page)] == [False, True]


def test_a_touched_answer_comes_back_with_another_array(show: Show) -> None:
    def again(seed: int) -> tuple[Any, ...]:
        b = np.zeros((2, 4 + seed), np.int16)
        return "Where is `b[1, 1]`?", b.strides[0] + 2, {}, "", b

    page = show(touching(again=again), ss.review())
    box(page, 6).click()
    press(page, "Your answer: sure")
    press(page, "Ask me again")
    review = page.locator(".ss-review")
    review.locator('svg [data-byte="12"]').first.click()
    press(review, "Your answer: sure")
    assert [one["right"] for one in tries(page)] == [False, True]


@pytest.mark.sample("390-dark")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_to_touch_has_nothing_that_axe_finds(
    show: Show, width: int, scheme: Scheme
) -> None:
    page = show(touching(), touching("element"), width=width, scheme=scheme)
    assert violations(page) == []
    box(page, 6).click()
    press(page, "Your answer: sure")
    assert violations(page) == []


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("values", [range(18), range(10**6, 10**6 + 30)])
def test_on_a_phone_every_byte_that_can_be_the_answer_is_in_sight(
    show: Show, values: range
) -> None:
    a = np.array(values, np.int64)
    page = show(ss.predict("Which byte?", 8 * (a.size - 1), touch=a), width=390)
    boxes = page.locator(".ss-strip g[data-byte] text")
    assert boxes.count() == a.size
    for k in range(a.size):
        place = boxes.nth(k).bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
    assert page.locator(".ss-strip .ss-scroll").count() == 0
    box(page, 8 * (a.size - 1)).click()
    press(page, "Your answer: sure")
    assert tries(page)[0]["right"]
