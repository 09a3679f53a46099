"""A recipe: its learning rate, how much of a run is done, and what it refuses."""

import pytest

from tests.transformer.training.small_runs import recipe


def test_the_learning_rate_warms_up_peaks_falls_and_cools_down_to_nothing() -> None:
    """Section 5.3, Eq. 3, but for the scale and the cool-down."""
    made = recipe(warm_up=101, peak_rate=0.7, cool_down=0.25)
    assert [made.learning_rate(step, 0) for step in (1, 50, 101, 404)] == pytest.approx(
        [0.7 / 101, 0.7 * 50 / 101, 0.7, 0.35]
    )
    for step in (101, 503, 997):
        paper = 128**-0.5 * min(step**-0.5, step * 101**-1.5)
        assert made.learning_rate(step, 0.5) == pytest.approx(paper * 0.7 / (128**-0.5 * 101**-0.5))
    assert made.learning_rate(1, 0.05) == pytest.approx(0.35), "a short run warms up in its first tenth"
    assert [made.learning_rate(101, share) for share in (0.75, 0.875, 1)] == pytest.approx([0.7, 0.35, 0])


def test_a_run_is_as_far_as_the_nearer_of_its_two_ends() -> None:
    made = recipe(minutes=2, epochs=10)
    assert made.share_done(seconds=119, epochs=2) == pytest.approx(1, abs=0.01)
    assert 0.45 < made.share_done(seconds=60, epochs=2) < 0.5
    assert made.share_done(seconds=12, epochs=5) == 0.5
    assert made.share_done(seconds=500, epochs=5) == 1
    assert recipe(minutes=None, epochs=4).share_done(seconds=1e9, epochs=1) == 0.25


def test_the_clock_says_nothing_in_a_run_that_is_well_within_its_minutes() -> None:
    """Or the same run would end elsewhere on a machine that starts more slowly."""
    made, alone = recipe(minutes=3, epochs=10), recipe(minutes=None, epochs=10)
    for seconds, epochs in ((0.1, 0.0), (5, 0.001), (20, 1.2), (60, 5.0), (130, 9.9)):
        assert made.share_done(seconds, epochs) == alone.share_done(seconds, epochs)


@pytest.mark.parametrize("field", ["minutes", "epochs", "peak_rate", "warm_up", "batch_tokens", "longest"])
@pytest.mark.parametrize("value", [0, -3])
def test_a_choice_that_must_be_above_zero_is_refused_by_name(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"^{field} .*{value}"):
        recipe(**{field: value})


def test_a_recipe_without_end_or_with_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="minutes or epochs"):
        recipe(minutes=None, epochs=None)
    with pytest.raises(ValueError, match=r"^cool_down .*1.5"):
        recipe(cool_down=1.5)
