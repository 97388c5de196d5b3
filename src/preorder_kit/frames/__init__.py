"""The same answers over dataframes: Polars, pandas, DuckDB, Spark, PyArrow and Dask."""
