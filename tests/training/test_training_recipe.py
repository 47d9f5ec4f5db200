"""A recipe refuses what cannot be, in words, at the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.recipe_errors import field_errors, validated

FAULT_45 = [
    ("lr", -1, "Learning rate must be larger than 0; you gave -1."),
    ("lr", 0, "Learning rate must be larger than 0; you gave 0."),
    ("lr", 1e9, "Learning rate must be at most 10; you gave 1000000000.0."),
    ("lr", "fast", "Learning rate must be a number; you gave fast."),
    ("lr", float("nan"), "Learning rate must be a number; you gave nan."),
    ("momentum", 1, "Momentum must be smaller than 1; you gave 1."),
    ("epochs", 0, "Epochs must be at least 1; you gave 0."),
    ("epochs", 2.5, "Epochs must be a whole number; you gave 2.5."),
    ("batch_size", "", "Batch size must be a whole number; you gave nothing."),
    ("optimizer", "magic", "Optimizer must be sgd or adam; you gave magic."),
    ("crop", "perhaps", "Crop must be yes or no; you gave perhaps."),
    ("colour_pca", -1, "Colour noise must be at least 0; you gave -1."),
    ("folds", 1, "Folds must be 0 or at least 2; you gave 1."),
    ("fold", 3, "Fold must be at most the number of folds."),
    (
        "group_by",
        "(",
        "Group by must be a regular expression, such as ^(\\d+-\\d+)- "
        "(missing ), unterminated subpattern at position 0); you gave (.",
    ),
    ("flavour", 1, "Flavour is not a part of the recipe; remove it."),
]


@pytest.mark.parametrize(("field", "value", "sentence"), FAULT_45)
def test_fault_45_each_wrong_field_has_its_sentence(field: str, value: object, sentence: str) -> None:
    assert field_errors({field: value}) == {field: sentence}
    with pytest.raises(BadInput) as caught:
        validated(**{field: value})
    assert (caught.value.code, caught.value.sentence) == ("recipe_field", sentence)
    assert caught.value.fields["field"] == field


def test_all_wrong_fields_are_named_at_once() -> None:
    assert set(field_errors({"lr": 0, "epochs": 0, "seed": 3})) == {"lr", "epochs"}


def test_text_from_a_form_is_understood() -> None:
    assert validated(lr="0.01", epochs="5", crop="no").model_dump(include={"lr", "epochs", "crop"}) == {
        "lr": 0.01,
        "epochs": 5,
        "crop": False,
    }


def test_every_field_explains_itself() -> None:
    assert all(field.description for field in Recipe.model_fields.values())


@given(
    st.dictionaries(
        st.sampled_from([*Recipe.model_fields, "other"]), st.none() | st.floats() | st.text() | st.integers()
    )
)
def test_nothing_but_sentences(values: dict[str, object]) -> None:
    for field, sentence in field_errors(values).items():
        assert field in values
        assert sentence.endswith(".")
        assert "pydantic" not in sentence
