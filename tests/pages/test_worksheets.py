"""Worksheets: every answer worked out anew from what is printed, blanks, thirty that differ, what may be typed, the page."""

import math
import random
import re
from html import unescape
from itertools import pairwise

import pytest

from classroom.lessons import Plan, Step
from pages.worksheets import about, exact, paper, sheet
from pages.worksheets.exercise import Blank, Exercise
from pages.worksheets.facts import Facts
from pages.worksheets.kinds import KINDS, PAGES
from tests.apps import SEEN, app, seen, sent, trouble
from ui import frame, text
from ui.frame import Session
from ui.guide import shelf
from ui.session import dealt, state

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, SENTENCE = "pages/620_worksheets.py", "The black cat sleeps in the red house."
RIGHTLEFT = "\u202eשלום 😀 <b>hi</b> {who} & “$x$” [[a]]"
SEEDS = (1, 2, 3, 4)


def session_of(name: str, sentence: str) -> Session:
    """A shipped model after a sentence."""
    origin = state.usable()[name]
    read = state.own_walk(origin, sentence, state.Search(1))
    return Session(
        name="", lesson=text.lesson("620_worksheets"), origin=origin, checkpoint=state.opened(origin), walk=read, mode="light", special=True,
        search=state.Search(1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Session:
    """The shipped model of the grammar."""
    return session_of("grammar-en-fr", SENTENCE)


def made(session: Session, kind: str, seed: int = 1) -> Exercise:
    """An exercise; the kind must be possible."""
    found = sheet.exercise(session, str(seed), kind)
    assert found is not None, kind
    return found


def number(written: str) -> float:
    """A printed number."""
    return float(written.replace("−", "-").replace(",", ""))


def worked_out(how: str) -> float:
    """A working as a person reads it, worked out."""
    plain = how.replace("−", "-").replace("×", "*")
    plain = re.sub(r"e\^", "exp", re.sub(r"√", "sqrt", plain))
    names = {"exp": math.exp, "sqrt": math.sqrt, "max": max, "sin": math.sin, "cos": math.cos, "d": 64}
    assert set(re.findall(r"[a-z]+", plain)) <= names.keys(), how
    return float(eval(plain, {"__builtins__": {}}, names))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_what_its_working_says_rounded(real: Session, kind: str, seed: int) -> None:
    """With the numbers as they are printed, and not further off than the rounding."""
    found = made(real, kind, seed)
    for blank in found.blanks:
        if blank.how:
            places = len(blank.answer.partition(".")[2])
            assert abs(worked_out(blank.how) - number(blank.answer)) <= 0.5 * 10**-places + 1e-9, (kind, blank)


@pytest.mark.parametrize("kind", KINDS)
def test_a_working_uses_only_what_is_printed_or_answered_before(real: Session, kind: str) -> None:
    """Or a whole number, such as of pieces."""
    for seed in SEEDS:
        found = made(real, kind, seed)
        cells = [cell for table in found.tables for row in table.rows for cell in row]
        printed = " ".join(cell.answer if isinstance(cell, Blank) else cell for cell in cells) + found.asked
        known = set(re.findall(r"\d+\.\d+", printed))
        for blank in found.blanks:
            assert set(re.findall(r"\d+\.\d+", blank.how)) <= known, (kind, blank)


def rows_of(found: Exercise, table: int = 0) -> dict[str, list[str]]:
    """A table by the names of its rows, blanks filled in."""
    return {
        str(row[0]): [cell.answer if isinstance(cell, Blank) else cell for cell in row[1:]]
        for row in found.tables[table].rows
    }


def numbers(cells: list[str]) -> list[float]:
    """The numbers among some cells."""
    return [number(cell) for cell in cells if cell != "–"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_score(real: Session, seed: int) -> None:
    found = made(real, "score", seed)
    table = rows_of(found)
    products = [
        round(a * b + 1e-12 * (a * b > 0) - 1e-12 * (a * b < 0), 2)
        for a, b in zip(numbers(table["q"]), numbers(table["k"]), strict=True)
    ]
    *terms, _rest, total = numbers(table["q × k"])
    assert terms == pytest.approx(products, abs=1e-9)
    assert total == pytest.approx(sum(numbers(table["q × k"])[:-1]), abs=1e-9)
    [last] = rows_of(found, 1).values()
    assert number(last[0]) == pytest.approx(total / 4, abs=0.005 + 1e-9), "sqrt(16) is 4"
    own = float(re.search(r"<b>(.*?)</b>", found.full)[1].replace("−", "-"))  # type: ignore[index]
    assert number(last[0]) == pytest.approx(own, abs=0.05), "and it is the model's own"


@pytest.mark.parametrize("seed", SEEDS)
def test_three_weights(real: Session, seed: int) -> None:
    found = made(real, "softmax", seed)
    dots, scores, apart, powers, weights = (numbers(row) for row in rows_of(found).values())
    assert scores == pytest.approx([each / 4 for each in dots], abs=0.0051)
    assert apart == pytest.approx([each - max(scores) for each in scores], abs=1e-9)
    assert powers[:-1] == pytest.approx([math.exp(each) for each in apart], abs=0.0051)
    assert powers[-1] == pytest.approx(sum(powers[:-1]), abs=1e-9)
    assert weights == pytest.approx([each / powers[-1] for each in powers[:-1]], abs=0.0051)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mask(real: Session, seed: int) -> None:
    weights = [numbers(row) for row in rows_of(made(real, "masked", seed), 2).values()]
    for at, row in enumerate(weights):
        assert row[at + 1 : 3] == [0.0] * (2 - at), "no weight on what comes later"
        assert sum(row[:3]) == pytest.approx(1, abs=0.0151)
    found = made(real, "masked", seed)
    layer, head = int(found.there["layer"]) - 1, int(found.there["head"]) - 1
    own = real.walk.trace.decoder.layers[layer].self_attention.scores[0, head].tolist()
    scores = [numbers(row) for row in rows_of(found).values()]
    begin = next(at for at in range(len(own)) if scores[0][0] == pytest.approx(own[at][at], abs=0.0051))
    assert scores == [pytest.approx(row[begin : begin + 3], abs=0.0051) for row in own[begin : begin + 3]]
    assert ("look at nothing else" in found.view) == (begin == 0)
    for at, row in enumerate(scores):
        powers = [math.exp(each) for each in row[: at + 1]]
        assert weights[at][: at + 1] == pytest.approx([each / sum(powers) for each in powers], abs=0.02)


def test_the_mixture_is_the_models_own(real: Session) -> None:
    for seed in SEEDS:
        found = made(real, "mixture", seed)
        *_rows, (_name, *last) = found.tables[0].rows
        totals = [number(cell.answer) for cell in last if isinstance(cell, Blank)]
        own = [number(each) for each in re.search(r"<b>(.*?)</b>", found.full)[1].split(", ")]  # type: ignore[index]
        assert totals == pytest.approx(own, abs=0.06)


def test_add_and_norm(real: Session) -> None:
    for seed in SEEDS:
        x, more, sums, apart, squares, deviation, normed = (
            numbers(row) for row in rows_of(made(real, "normed", seed)).values()
        )
        assert sums[:4] == pytest.approx([a + b for a, b in zip(x, more, strict=True)], abs=1e-9)
        assert sums[4] == pytest.approx(sum(sums[:4]) / 4, abs=0.0051)
        assert squares[:4] == pytest.approx([each * each for each in apart], abs=0.0051)
        assert deviation[0] == pytest.approx(math.sqrt(sum(squares[:4]) / 4), abs=0.02)
        assert normed == pytest.approx([each / deviation[0] for each in apart], abs=0.0051)


def test_probabilities_are_the_models_own(real: Session) -> None:
    for seed in SEEDS:
        found = made(real, "probabilities", seed)
        place = int(found.there["piece"]) - 1
        own = real.walk.trace.logits[0, place].softmax(-1).topk(3).values.tolist()
        assert numbers(list(rows_of(found).values())[-1]) == pytest.approx(own, abs=0.006)


def test_pieces_ids_and_what_enters_the_decoder(real: Session) -> None:
    found = made(real, "pieces")
    answer = rows_of(found, len(found.tables) - 1)
    assert [int(id) for id in answer["id"]] == list(real.walk.source_ids[: len(answer["id"])])
    book = {name: id for table in found.tables[:-1] for name, id in zip(table.head[1:], table.rows[0][1:], strict=True)}
    assert all(book[piece] == id for piece, id in zip(answer["piece"], answer["id"], strict=True)), (
        "all are in the small vocabulary"
    )
    assert len(book) > 2 * len(answer["id"]), "and others too"
    shifted = rows_of(made(real, "shifted"))
    assert shifted["enters the decoder"][0] == "<s>"
    assert shifted["enters the decoder"][1:] == shifted["has to write"][:-1]


def test_parameters_are_those_of_the_model(real: Session) -> None:
    found = made(real, "parameters")
    counts = [number(row[-1]) for row in rows_of(found).values()]
    assert counts[-2] == sum(each.numel() for each in real.checkpoint.model.parameters())


def test_the_loss_is_that_of_the_sentence(real: Session) -> None:
    table = rows_of(made(real, "loss"))
    assert number(table["mean: the loss"][-1]) == pytest.approx(real.walk.loss, abs=0.002)


def test_bleu_counts_what_both_have(real: Session) -> None:
    for seed in SEEDS:
        found = made(real, "bleu", seed)
        _source, said, right = (unescape(each).split() for each in re.findall(r"“<b>(.*?)</b>”", found.asked))
        table = rows_of(found)
        assert int(table["words"][0]) == sum(min(said.count(each), right.count(each)) for each in {*said})
        pairs = [list(pairwise(each)) for each in (said, right)]
        assert int(table["pairs of words"][0]) == sum(
            min(pairs[0].count(each), pairs[1].count(each)) for each in {*pairs[0]}
        )
        assert said != right


def test_numbers_round_half_up_as_people_do() -> None:
    for value, places, printed in (
        (0.125, 2, "0.13"),
        (-0.125, 2, "−0.13"),
        (-0.001, 2, "0.00"),
        (2.675, 2, "2.68"),
        (12345.5, 0, "12,346"),
    ):
        assert exact.written(exact.rounded(value, places)) == printed


@pytest.mark.parametrize("code", [*about.choices(), "home"])
def test_every_page_has_thirty_that_differ(real: Session, code: str) -> None:
    """With another sentence for each number; and number 17 is the same whoever prints it."""
    subject = about.page(code) if code == "home" else about.of(code)
    kinds = about.in_order(subject.kinds, 2)
    found = [sheet.sheet(sheet.with_sentence(real, number), number, kinds) for number in range(1, 31)]
    assert len({each.given for each in found}) == 30
    assert all(each.exercises for each in found)
    assert len({each.sentence for each in found}) == 30
    again = sheet.sheet(sheet.with_sentence(real, 17), 17, kinds)
    assert again.given == found[16].given


@pytest.mark.parametrize("code", PAGES)
def test_thirty_differ_with_one_sentence(real: Session, code: str) -> None:
    kinds = about.in_order(about.page(code).kinds, min(3, len(PAGES[code])))
    found = [sheet.sheet(real, number, kinds) for number in range(1, 31)]
    assert len({each.given for each in found}) >= 29


def test_every_kind_belongs_to_a_page_that_there_is() -> None:
    assert {make.__name__ for makes in PAGES.values() for make in makes} == KINDS.keys()
    assert PAGES.keys() <= {*frame.pages()}


def printed(session: Session, kinds: list[str], key: bool = True, numbers_of: range = range(1, 3)) -> str:
    """The file."""
    wanted = paper.Wanted(about=about.page("50_one_head"), paper="a4", key=key, base="http://127.0.0.1:8501")
    return paper.page([sheet.sheet(session, number, kinds) for number in numbers_of], wanted)


def test_blanks_are_blank_on_the_sheet_and_filled_on_the_key(real: Session) -> None:
    whole = printed(real, list(KINDS))
    sheets, _, key = whole.partition('id="key"')
    blanks = re.findall(r'<td class="blank">(.*?)</td>', sheets)
    count = sum(
        1 for number in (1, 2) for each in sheet.sheet(real, number, list(KINDS)).exercises for _blank in each.blanks
    )
    assert len(blanks) == count
    assert all(re.fullmatch(r"<sub>[a-z]{1,2}</sub>", each) for each in blanks)
    assert len(re.findall(r"<li><i>[a-z]{1,2}</i> <b><bdi>.+?</bdi></b>", key)) == count
    assert "<h2>2</h2>" in key, "found by its number"
    assert 'id="key"' not in printed(real, list(KINDS), key=False)
    assert "Content-Security-Policy" in whole
    assert "<script" not in whole
    assert not re.search(r'(src|href)="(?!http://127\.0\.0\.1:8501/)', whole), "nothing from elsewhere"


@pytest.mark.parametrize("sentence", [
    RIGHTLEFT, "I", "나는 학생입니다.", "dog " * 58, "<script>alert(1)</script> </style>", "=1+1", "😀" * 12,
], ids=ascii)  # fmt: skip
def test_whatever_the_sentence_it_can_be_printed(real: Session, sentence: str) -> None:
    session = session_of("grammar-en-fr", sentence) if len(real.checkpoint.tokenizer.encode(sentence)) <= 60 else real
    whole = printed(session, list(KINDS))
    assert "<script" not in whole
    assert "<b>hi</b>" not in whole.replace("&lt;b&gt;hi&lt;/b&gt;", "")
    assert whole.count("</style>") == 1
    assert "nan" not in whole.lower()
    for number in (1, 2):
        for each in sheet.sheet(session, number, list(KINDS)).exercises:
            assert all(len(table.head) <= 9 for table in each.tables), "no wider than the paper"
    if len(sentence) > paper.LONGEST:
        assert f"of {len(session.walk.source_text)} letters" in whole


def test_an_untrained_model_makes_sheets_too(folders: object, session: Session) -> None:
    """Five heads, whose translation is noise."""
    full = Session(name="", lesson=text.lesson("620_worksheets"), **vars(session))
    for kind in KINDS:
        found = sheet.exercise(full, "1", kind)
        assert found is None or list(found.blanks)
    assert sheet.sheet(full, 1, list(KINDS)).exercises


def test_the_page_shows_what_is_printed(folders: object) -> None:
    test = app(PAGE, text=SEEN, about="60_many_heads", ws_sheets="3", ws_first="17", ws_count="2", ws_paper="letter")
    assert trouble(test) == []
    [data] = [each for each in sent(test) if "page" in each and "words" in each]
    assert re.findall(r'id="sheet-(\d+)"', data["page"]) == ["17", "18", "19"]
    assert "size: letter" in data["page"]
    assert data["name"] == "worksheets-60_many_heads-17-19.html"
    assert "3</b> worksheets about <b>Many heads</b>" in seen(test)
    test.toggle(key="ws_key").set_value(False).run()
    [data] = [each for each in sent(test) if "page" in each and "words" in each]
    assert 'id="key"' not in data["page"]


@pytest.mark.parametrize(
    "code", ["530_vision_transformer", "610_lessons", "nothing", "", "lesson:nobody", "<b>", "home"]
)
def test_an_address_may_ask_for_anything(folders: object, code: str) -> None:
    test = app(PAGE, text=SEEN, about=code, ws_sheets="999", ws_first="x", ws_count="99", ws_from="?", ws_paper="?")
    assert trouble(test) == []
    [data] = [each for each in sent(test) if "page" in each and "words" in each]
    assert 'id="sheet-1"' in data["page"]
    if code == "530_vision_transformer":
        assert "no exercises of its own" in " ".join(each.proto.body for each in test.get("html"))


def test_without_a_sentence_there_are_still_sheets_of_others(folders: object) -> None:
    test = app(PAGE, text="")
    assert trouble(test) == []
    assert "Type an English sentence" in test.info[0].value
    test.segmented_control(key="pick_ws_from").set_value("dealt").run()
    assert trouble(test) == []
    assert not test.info
    assert any("page" in each and "words" in each for each in sent(test))


def test_a_relative_says_what_is_possible() -> None:
    test = app(PAGE, checkpoint="grammar-en-fr-gru")
    assert trouble(test) == []
    assert "Take a Transformer" in test.info[0].value
    assert any("recurrent models" in each.value for each in test.caption)


def test_a_lesson_has_the_exercises_of_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (Step(at="one_head?layer=1"), Step(at="decoder_and_mask"), Step(at="one_head"))
    monkeypatch.setattr(shelf, "shipped", lambda: {"why": Plan(title="Why <b>", steps=steps)})
    found = about.of("lesson:why")
    assert found.name == "Why <b>"
    assert found.kinds[:2] == ("score", "masked"), "one of each page first"
    assert "lesson:why" in about.choices()
    assert trouble(app(PAGE, about="lesson:nobody")) == []


def test_every_lesson_that_came_along_has_sheets() -> None:
    assert len(about.lessons()) >= 8
    assert all(about.of(f"lesson:{name}").kinds for name in about.lessons())


def test_each_number_has_a_sentence_of_its_own(real: Session) -> None:
    bank = dealt.bank(real.origin)
    found = [dealt.text_of(real.origin, number) for number in range(1, len(bank) + 1)]
    assert sorted(map(str, found)) == sorted(bank), "no two the same before all were dealt"
    assert dealt.text_of(real.origin, 1, turn=1) != found[0] or dealt.text_of(real.origin, 2, turn=1) != found[1]


def test_chance_never_touches_a_number(real: Session) -> None:
    """Two dice that ask for the same place give the same numbers."""
    for kind, make in KINDS.items():
        one, other = (make(Facts(session=real, dice=random.Random(7))) for _turn in range(2))
        assert (one and one.given) == (other and other.given), kind
