"""Messages name the place and the remedy."""

import pickle

from layers.errors import ImageryError, SourceError, YichaError


def test_the_message_names_file_row_field_and_remedy() -> None:
    error = SourceError("the date cannot be read", remedy="write 2024-05-01",
                        file="shops.csv", row=7, field="发证日期")  # fmt: skip
    assert str(error) == (
        "shops.csv, row 7, field 发证日期: the date cannot be read. Remedy: write 2024-05-01"
    )
    assert isinstance(error, YichaError)


def test_without_a_place_there_is_no_prefix() -> None:
    assert str(YichaError("no data", remedy="import some")) == "no data. Remedy: import some"


def test_an_error_survives_the_way_from_another_process() -> None:
    error = ImageryError("cut off", remedy="copy it again", file="a.tif", row=3, field="crs")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ImageryError
    assert vars(again) == vars(error)
    assert str(again) == str(error)
