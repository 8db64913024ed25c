"""The data are those that were published, whole, and cannot be changed by accident."""
import copy
import csv
import pickle
import warnings
from importlib.resources import files

import numpy as np
import pytest
import torch

from mlebook import datasets

SETS = {name: getattr(datasets, name) for name in datasets.__all__ if name != "Dataset"}
ROWS = {"galton_heights": 928, "newcomb_light": 66, "horse_kicks": 280, "challenger_orings": 23,
        "motorcycle_impact": 133, "penguins": 344, "engel_food": 235, "diabetes": 442}


@pytest.mark.parametrize("name", SETS)
def test_the_table_agrees_with_its_file(name):
    data = SETS[name]()
    with files("mlebook").joinpath("data", f"{name}.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert len(data) == len(rows) == ROWS[name]
    assert len(data.columns) == len(header)
    for column, in_file in zip(data.columns, header, strict=True):
        assert in_file.startswith(column), "the columns would be swapped"
    for i, column in enumerate(data.columns):
        values = getattr(data, column)
        for value, row in zip(values, rows, strict=True):
            if row[i] == "":
                assert value == "" or np.isnan(value)
            else:
                assert type(row[i])(value) == row[i] or float(value) == float(row[i])


@pytest.mark.parametrize("name", SETS)
def test_provenance_and_units_are_given(name):
    data = SETS[name]()
    assert set(data.units) == set(data.columns)
    assert any(year in data.source for year in ("1857", "1882", "1886", "1898", "1985", "1989",
                                                "2004", "2014"))
    text = repr(data)
    assert text.startswith(f"{data.name}: {len(data)} rows")
    assert "Source: " in text and "Note: " in text
    assert all(column in text for column in data.columns)
    assert max(map(len, text.splitlines())) <= 88
    assert data is SETS[name](), "read once"


def test_every_file_has_a_function():
    stored = {path.name for path in files("mlebook").joinpath("data").iterdir()}
    assert stored == {f"{name}.csv" for name in SETS}


def test_published_figures():
    """Numbers in the literature, none of them computed from our files."""
    kicks = datasets.horse_kicks()
    assert np.bincount(kicks.deaths).tolist() == [144, 91, 32, 11, 2]
    kept = ~np.isin(kicks.corps, ["G", "I", "VI", "XI"])
    assert np.bincount(kicks.deaths[kept]).tolist() == [109, 65, 22, 3, 1]
    light = datasets.newcomb_light().deviation
    assert round(light.mean(), 2) == 26.21  # Stigler 1977
    assert (light == 28).sum() == 7
    orings = datasets.challenger_orings()
    assert (orings.incidents > 0).sum() == 7
    assert orings.temperature.min() == 53
    heights = datasets.galton_heights()
    slope, intercept = np.polyfit(heights.midparent_height, heights.child_height, 1)
    assert (round(slope, 4), round(intercept, 3)) == (0.6463, 23.942)
    engel = datasets.engel_food()
    slope, intercept = np.polyfit(engel.income, engel.food_expenditure, 1)
    assert (round(slope, 4), round(intercept, 2)) == (0.4852, 147.48)
    birds = datasets.penguins()
    assert [int((birds.species == s).sum()) for s in ("Adelie", "Gentoo", "Chinstrap")] == [
        152, 124, 68]
    patients = datasets.diabetes()
    columns = [getattr(patients, name) for name in patients.columns]
    design = np.column_stack([np.ones(442), *columns[:-1]])
    weights, *_ = np.linalg.lstsq(design, columns[-1], rcond=None)
    lengths = design[:, 1:].std(axis=0) * np.sqrt(442)
    # the least squares coefficients that everyone quotes, on columns of length 1
    assert np.round(weights[1:] * lengths, 1).tolist() == [
        -10.0, -239.8, 519.8, 324.4, -792.2, 476.7, 101.0, 177.1, 751.3, 67.6]


def test_missing_values_are_kept_reported_and_dropped_on_demand():
    birds = datasets.penguins()
    assert birds.missing["sex"] == 11 and birds.missing["body_mass"] == 2
    whole = birds.complete()
    assert (len(birds), len(whole), whole.missing) == (344, 333, {})
    measured = birds.complete("bill_length")
    assert len(measured) == 342 and measured.missing == {"sex": 9}
    assert not measured.bill_length.flags.writeable
    assert "11 missing" in repr(birds)
    with pytest.raises(AttributeError, match="no column 'bill'"):
        birds.complete("bill")


def test_the_data_cannot_be_changed():
    data = datasets.galton_heights()
    with pytest.raises(ValueError, match="read-only"):
        data.child_height[0] = 0
    with pytest.raises(AttributeError):
        data.name = "other"


def test_an_unknown_column_is_named_with_those_that_exist():
    with pytest.raises(AttributeError, match="no column 'height'; columns: midparent_height, chi"):
        _ = datasets.galton_heights().height


def test_tensor():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = datasets.horse_kicks().tensor("deaths")
    assert values.dtype == torch.float64 and values.shape == (280,)
    values[0] = 99  # its own memory
    assert datasets.horse_kicks().deaths[0] == 0
    with pytest.raises(TypeError, match="'corps' holds text"):
        datasets.horse_kicks().tensor("corps")
    for absent in ("death", "name", "columns"):
        with pytest.raises(AttributeError, match="no column"):
            datasets.horse_kicks().tensor(absent)


def test_a_data_set_can_be_copied_and_pickled():
    data = datasets.challenger_orings()
    for twin in (copy.copy(data), copy.deepcopy(data), pickle.loads(pickle.dumps(data))):
        assert twin.incidents.tolist() == data.incidents.tolist()
        assert repr(twin) == repr(data)
    assert "incidents" in dir(data)
