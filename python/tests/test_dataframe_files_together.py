"""``read_parquet(aggregate_files=)``: small files that follow each other are one partition."""

import pandas as pd
import pytest

import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")

ROWS = pd.DataFrame({"n": range(12), "region": [0] * 6 + [1] * 6, "section": [0, 0, 0, 1, 1, 1] * 2}, index=pd.Index(range(100, 112), name="id"))


@pytest.fixture
def files(tmp_path):
    for i in range(6):
        ROWS.iloc[2 * i : 2 * i + 2].to_parquet(tmp_path / f"{i}.parquet", row_group_size=1)
    return tmp_path


def test_any_files_up_to_a_size(files):
    whole = dd.read_parquet(files, aggregate_files=True)
    assert whole.npartitions == 1 and dd.read_parquet(files).npartitions == 6
    pd.testing.assert_frame_equal(whole.compute(), ROWS)
    assert dd.read_parquet(files, aggregate_files=True, blocksize=1).npartitions == 12
    assert dd.read_parquet(files, aggregate_files=False, blocksize="1MB").npartitions == 6
    assert dd.read_parquet(files, aggregate_files=True, filters=[("n", ">", 8)]).n.compute().tolist() == [9, 10, 11]


def test_a_number_of_row_groups(files):
    assert dd.read_parquet(files, split_row_groups=4, aggregate_files=True).map_partitions(len).compute().tolist() == [4, 4, 4]
    assert dd.read_parquet(files, split_row_groups=4).npartitions == 6
    assert dd.read_parquet(files, split_row_groups=True, aggregate_files=True).npartitions == 12


def test_divisions_are_those_of_what_was_put_together(files):
    options = {"split_row_groups": 4, "aggregate_files": True, "calculate_divisions": True}
    assert dd.read_parquet(files, **options).divisions == (100, 104, 108, 111)
    assert dd.read_parquet(files, **options).loc[103:105].n.compute().tolist() == [3, 4, 5]
    assert dd.read_parquet(files, index="n", **options).divisions == (0, 4, 8, 11)


def test_files_of_one_folder(tmp_path):
    dd.from_pandas(ROWS, npartitions=6).to_parquet(tmp_path, partition_on=["region", "section"], write_index=False)
    count = lambda **options: dd.read_parquet(tmp_path, **options).npartitions  # noqa: E731
    assert count(aggregate_files="region") == 2 and count(aggregate_files="section") == 4 and count(aggregate_files=True) == 1
    assert count() > 4
    assert sorted(dd.read_parquet(tmp_path, aggregate_files="region").n.compute()) == list(range(12))
    with pytest.raises(ValueError, match="no column that folders are"):
        count(aggregate_files="n")
    with pytest.raises(ValueError, match="aggregate_files must be"):
        count(aggregate_files=3)
