"""Writes the Parquet files beside it: tables of prompts as pyarrow, pandas and DuckDB make them.

pip install pyarrow==25.0.1 pandas==3.0.6 duckdb==1.5.6
"""

import datetime as dt
import decimal
import pathlib

import duckdb
import pandas
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
PROMPTS = ["a fox sang .", None, "the moon"]
UTC = dt.timezone.utc
OLD = [dt.datetime(1818, 1, 1, 12, 30), None, dt.datetime(9999, 12, 31, 23, 59, 59, 999999)]
OLD_UTC = [each and each.replace(tzinfo=UTC) for each in OLD]


def decimals(*values):
    return [each and decimal.Decimal(each) for each in values]


def pyarrow_table():
    return pa.table(
        {
            "prompt": pa.array(PROMPTS),
            "truth": pa.array([True, None, False]),
            "int8": pa.array([-128, None, 127], pa.int8()),
            "int16": pa.array([-32768, None, 32767], pa.int16()),
            "int32": pa.array([-(2**31), None, 2**31 - 1], pa.int32()),
            "int64": pa.array([-(2**63), None, 2**63 - 1], pa.int64()),
            "uint8": pa.array([0, None, 255], pa.uint8()),
            "uint16": pa.array([0, None, 65535], pa.uint16()),
            "uint32": pa.array([0, None, 2**32 - 1], pa.uint32()),
            "uint64": pa.array([0, None, 2**64 - 1], pa.uint64()),
            "float": pa.array([0.1, None, float("inf")], pa.float32()),
            "double": pa.array([0.1, None, -0.0]),
            "large string": pa.array(["x.y", None, ""], pa.large_string()),
            "dictionary": pa.array(["x", None, "x"]).dictionary_encode(),
            "binary": pa.array([b"\x00\xff", None, b""]),
            "fixed": pa.array([b"\x00\xff\x01", None, b"abc"], pa.binary(3)),
            "date": pa.array([dt.date(1, 1, 1), None, dt.date(1582, 10, 10)]),
            "millis": pa.array([each and each.replace(microsecond=0) for each in OLD], pa.timestamp("ms")),
            "micros": pa.array(OLD, pa.timestamp("us")),
            "millis utc": pa.array(
                [each and each.replace(microsecond=0) for each in OLD_UTC], pa.timestamp("ms", "UTC")
            ),
            "micros utc": pa.array(OLD_UTC, pa.timestamp("us", "UTC")),
            "micros kiritimati": pa.array(OLD_UTC, pa.timestamp("us", "Pacific/Kiritimati")),
            "decimal32": pa.array(decimals("-1234567.89", None, "0.01"), pa.decimal128(9, 2)),
            "decimal64": pa.array(decimals("-12345678901234.5678", None, "0"), pa.decimal128(18, 4)),
            "decimal128": pa.array(decimals("-1", None, "1e-10"), pa.decimal128(38, 10)),
            "duration": pa.array([1, None, -1], pa.duration("us")),
            "list": pa.array([[1, None], None, []], pa.list_(pa.int64())),
            "map": pa.array(
                [[(f"key {i}", i) for i in (5, 3, 1, 2, 4, 0)], None, []], pa.map_(pa.string(), pa.int32())
            ),
            "struct": pa.array(
                [{"The": 1, "the": OLD[0]}, None, {"The": None, "the": None}],
                pa.struct({"The": pa.int32(), "the": pa.timestamp("us")}),
            ),
            "id": pa.array([1, 2, 3]),
            "ID": pa.array(["x", None, "z"]),
            "_metadata": pa.array([{"source": "forum"}, None, {"source": None}]),
            "a.b": pa.array([1, None, 3]),
            "storyloom row": pa.array([3, 2, 1]),
        }
    )


def pandas_table():
    seconds = pandas.to_datetime(["1818-01-01 12:30:00", None, "2200-01-01 00:00:00.000001"], format="ISO8601")
    return pandas.DataFrame(
        {
            "prompt": PROMPTS,
            "nanoseconds": seconds.astype("datetime64[ns]"),
            "nanoseconds utc": seconds.astype("datetime64[ns]").tz_localize("UTC"),
            "category": pandas.Categorical(["x", None, "y"]),
            "object": ["x", None, "y"],
            "Int64": pandas.array([1, None, 3], dtype="Int64"),
        }
    )


def parquet(table, name):
    pq.write_table(table, HERE / name, compression="none", use_dictionary=False, write_statistics=False)


def duckdb_table(columns, name):
    duckdb.sql(f"copy (select {columns}) to '{HERE / name}' (format parquet, compression uncompressed)")


parquet(pyarrow_table(), "pyarrow.parquet")
pandas_table().to_parquet(HERE / "pandas.parquet", compression="none", index=False)
duckdb_table(
    "'a fox sang .' as prompt, 1::utinyint as utinyint, 18446744073709551615::ubigint as ubigint,"
    " date '1500-02-28' as day, timestamp '1818-01-01 12:30:00' as micros,"
    " timestamp_s '1818-01-01 12:30:00' as seconds, timestamp_ms '1818-01-01 12:30:00' as millis,"
    " timestamptz '1818-01-01 12:30:00+00' as utc, 1.5::decimal(4, 1) as short_decimal,"
    " -1.5::decimal(38, 10) as long_decimal, 'x'::enum ('x', 'y') as word, '{}'::json as json,"
    " '\\xff'::blob as bytes, [1, null] as list, {'a': 1, 'b': [2]} as struct, map {'b': 1, 'a': 2} as map",
    "duckdb.parquet",
)
duckdb_table("'a' as prompt, '7f9c24e8-3b12-4fef-91e0-8a1b6c2d3e4f'::uuid as name, interval 3 day as span", "duckdb-unknown.parquet")
parquet(
    pa.table(
        {
            "prompt": ["a"],
            "clock": pa.array([1], pa.time64("us")),
            "small clock": pa.array([1], pa.time32("ms")),
            "wide": pa.array(decimals("1"), pa.decimal256(50, 2)),
            "inner": pa.array([[1]], pa.list_(pa.timestamp("ns"))),
        }
    ),
    "pyarrow-unknown.parquet",
)
parquet(pa.table({"prompt": ["a"], "half": pa.array([1.5], pa.float16())}), "float16.parquet")
parquet(pa.table({"prompt": ["a"], "nothing": pa.nulls(1)}), "null.parquet")
parquet(pa.table({"prompt": ["a"], "at": pa.array([1001], pa.timestamp("ns"))}), "nanoseconds.parquet")
parquet(
    pa.table(
        {
            "prompt": ["p"],
            "Story": ["s"],
            "clock": pa.array([1], pa.time64("us")),
            "wide": pa.array(decimals("1"), pa.decimal256(50, 2)),
        }
    ),
    "pairs.parquet",
)
pq.write_table(pa.table({"prompt": ["a"]}), HERE / "brotli.parquet", compression="brotli")
