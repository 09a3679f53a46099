"""What a class may ask of the machine: so many jobs a person, so many minutes, so large a model, or nothing at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transformer.jobs.watching import ANNA, BORA, ended, now
from transformer import jobs
from transformer.config import Config
from transformer.jobs import Job, JobError, Limits
from transformer.jobs.limits import SIZES, bounded, parameters, too_many
from transformer.model import Transformer
from transformer.training.recipe import Recipe


def test_each_person_may_have_so_many_jobs(shelf: Path, begin: Callable[..., Job]) -> None:
    limits = Limits(per_person=1)
    job = begin("wait", limits=limits)
    with pytest.raises(JobError, match="You already have one training waiting or running"):
        begin("wait", limits=limits)
    other = begin("wait", owner=BORA, limits=limits)
    jobs.stop(other, BORA)
    ended(other)
    again = begin("wait", owner=BORA, limits=limits)
    with pytest.raises(JobError, match="You already have one"):
        jobs.resume(shelf, other, BORA, limits)
    jobs.resume(shelf, other, "", limits, teacher=True)
    assert {now(each).active for each in (job, other, again)} == {True}


def test_each_address_may_have_so_many_jobs(shelf: Path, stand_in: Path) -> None:
    """Six private windows filled the queue of twelve: each was another person."""
    limits = Limits(per_address=2)
    jobs_of = [jobs.submit(shelf, "wait", ["wait"], f"{ANNA}{number}", limits, "192.0.2.7") for number in range(2)]
    with pytest.raises(JobError, match="From your network 2 trainings are waiting or running already"):
        jobs.submit(shelf, "wait", ["wait"], f"{ANNA}9", limits, "192.0.2.7")
    jobs_of += [jobs.submit(shelf, "wait", ["wait"], f"{ANNA}{number}", limits, "192.0.2.8") for number in (3,)]
    jobs_of += [jobs.submit(shelf, "wait", ["wait"], f"{ANNA}{number}", limits) for number in (4, 5, 6)]
    assert all("192.0.2" not in (job.folder / "job.json").read_text() for job in jobs_of), "only a digest is kept"


def test_a_full_shelf_takes_no_more_jobs(shelf: Path, stand_in: Path) -> None:
    (shelf / "old").mkdir(parents=True)
    (shelf / "old" / "card.json").write_text("{}")
    with pytest.raises(JobError, match="There are 1 models on this server already"):
        jobs.submit(shelf, "wait", ["wait"], ANNA, Limits(models=1))


@pytest.mark.parametrize(
    ("word", "allowed"), [("off", False), ("OFF ", False), ("0", False), ("of", False), ("on", True), ("", True)]
)
def test_training_can_be_switched_off(
    word: str, allowed: bool, shelf: Path, begin: Callable[..., Job], monkeypatch
) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", word)
    limits = Limits.from_environment()
    assert limits.training == allowed
    if not allowed:
        with pytest.raises(JobError, match="Training is switched off on this server"):
            begin("wait", limits=limits)
        assert not shelf.exists()


def test_limits_come_from_the_environment(monkeypatch, caplog) -> None:
    assert Limits.from_environment() == Limits()
    for name, value in {"MINUTES": "2.5", "PARAMETERS": "3e6", "QUEUE": "7", "PER_PERSON": "3"}.items():
        monkeypatch.setenv(f"ATLAS_TRAINING_{name}", value)
    assert Limits.from_environment() == Limits(minutes=2.5, parameters=3_000_000, queue=7, per_person=3)
    monkeypatch.setenv("ATLAS_TRAINING_QUEUE", "0")
    assert not Limits.from_environment().training
    for nonsense in ("ten", "nan", "inf", "1h"):
        monkeypatch.setenv("ATLAS_TRAINING_QUEUE", nonsense)
        assert Limits.from_environment().queue == 12
        assert "ATLAS_TRAINING_QUEUE" in caplog.text


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("x --epochs 3", "x --epochs 3 --minutes 60"), ("x --minutes 5", "x --minutes 5"), ("--minutes 90 x", "x --minutes 60"),
        ("x --minutes=61.5 --seed 2", "x --seed 2 --minutes 60"), ("x --minutes 1e9 --minutes 0.5", "x --minutes 0.5"),
        ("x --minutes nan", "x --minutes 60"), ("x --minutes inf", "x --minutes 60"), ("x --minutes", "x --minutes 60"),
    ],
)  # fmt: skip
def test_the_minutes_of_a_job_are_bounded(asked: str, given: str) -> None:
    assert bounded(asked.split(), 60) == tuple(given.split())


def test_the_size_of_a_job_is_bounded(shelf: Path, begin: Callable[..., Job]) -> None:
    recipe = Recipe(corpus="x", epochs=1)
    assert {name: getattr(recipe, name.replace("-", "_")) for name in SIZES} == SIZES
    sizes = {"d_model": 26, "heads": 2, "encoder_layers": 5, "decoder_layers": 5, "d_ff": 17}
    asked = "x --vocabulary-size=311 --d-model 26 --heads 2 --layers 5 --d-ff 17".split()
    count = Transformer(Config(vocabulary_size=311, **sizes)).number_of_parameters
    assert parameters(asked, []) == count
    with pytest.raises(
        JobError, match=r"This model would have .* million parameters; at most 0.01 million are allowed"
    ):
        jobs.submit(shelf, "large", asked, ANNA, Limits(parameters=10_000))
    with pytest.raises(JobError, match="million parameters"):
        jobs.submit(shelf, "from", ["x", "--from", "tatoeba-en-fr@7"], ANNA, Limits(parameters=10_000))
    assert not shelf.exists()


@pytest.mark.parametrize("sizes", ["--layers 13", "--layers 12 --heads 9", "--layers=4 --heads=25", "--heads 33"])
def test_the_maps_of_a_job_are_bounded(shelf: Path, sizes: str) -> None:
    """12 layers of 32 heads took 2.5 GB on one page."""
    with pytest.raises(JobError, match="Choose fewer heads or layers"):
        jobs.submit(shelf, "many", ["x", *sizes.split()], ANNA, Limits())
    assert not shelf.exists()
    assert [too_many(12, 8), too_many(6, 16), too_many(1, 96), too_many(3, 8)] == [""] * 4
