"""The numbers of the paper: whole, and as Tables 2 and 3 of arXiv 1706.03762 print them."""

import json
from pathlib import Path

import pytest

from relatives.results import paper

PAPER = paper.load()


def test_table_2_is_whole() -> None:
    assert len(PAPER.results) == 10
    found = {each.model: each for each in PAPER.results}
    big, base = found["Transformer (big)"], found["Transformer (base)"]
    assert (dict(big.bleu), dict(big.flops)) == ({"en_de": 28.4, "en_fr": 41.8}, {"en_de": 2.3e19, "en_fr": 2.3e19})
    assert (dict(base.bleu), dict(base.flops)) == ({"en_de": 27.3, "en_fr": 38.1}, {"en_de": 3.3e18, "en_fr": 3.3e18})
    assert dict(found["ByteNet"].bleu) == {"en_de": 23.75}
    assert not found["ByteNet"].flops
    assert dict(found["Deep-Att + PosUnk"].flops) == {"en_fr": 1e20}
    assert found["GNMT + RL"].bleu == {"en_de": 24.6, "en_fr": 39.92}
    assert found["ConvS2S Ensemble"].flops == {"en_de": 7.7e19, "en_fr": 1.2e21}
    assert {each.model for each in PAPER.results if each.ensemble} == {name for name in found if "Ensemble" in name}


@pytest.mark.parametrize("name", ["Transformer (base)", "Transformer (big)"])
def test_the_paper_s_cost_is_its_own_sum_rounded(name: str) -> None:
    [each] = [each for each in PAPER.results if each.model == name]
    seconds = (each.hours or 0) * 3600
    assert f"{(each.gpus or 0) * seconds * PAPER.flops_per_second:.1e}" == f"{each.flops['en_de']:.1e}"


def test_table_3_is_whole() -> None:
    assert (PAPER.base.bleu, PAPER.base.perplexity, PAPER.base.parameters) == (25.8, 4.92, 65e6)
    counts = {part: sum(each.part == part for each in PAPER.variations) for part in "ABCDE"}
    assert counts == {"A": 4, "B": 2, "C": 7, "D": 4, "E": 1}
    found = {json.dumps(dict(each.changes)): (each.perplexity, each.bleu) for each in PAPER.variations}
    assert found['{"heads": 1, "d_k": 512, "d_v": 512}'] == (5.29, 24.9)
    assert found['{"d_k": 16}'] == (5.16, 25.1)
    assert found['{"layers": 2}'] == (6.11, 23.7)
    assert found['{"d_ff": 4096}'] == (4.75, 26.2)
    assert found['{"label_smoothing": 0.0}'] == (4.67, 25.3)
    assert found['{"positions": "learned"}'] == (4.92, 25.7)
    widths = [each for each in PAPER.variations if "d_k" in each.changes and each.part in "AC"]
    for each in widths:
        d_model = float(each.changes.get("d_model", PAPER.base.changes["d_model"]))
        heads = float(each.changes.get("heads", PAPER.base.changes["heads"]))
        assert d_model / heads == each.changes["d_k"] == each.changes["d_v"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"table_3": 1}', '{"table_3": {"base": {}}}', "\x00"])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "paper.json"
    with pytest.raises(ValueError, match="is missing"):
        paper.load(file)
    file.write_text(text)
    with pytest.raises(ValueError, match="is damaged"):
        paper.load(file)
