from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engines
import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Spark on this machine, with two workers and four partitions after each shuffle."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    if _java() < 17:
        pytest.skip("Spark needs Java 17 or later")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    builder = sql.SparkSession.builder.master("local[2]").appName("tests")
    with _quiet():
        session = builder.config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def _java() -> int:
    """Return the version of Java that Spark would start, 0 if there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if not java:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0


class _quiet:  # noqa: N801  # as it is read
    """What is started meanwhile says nothing: Spark's machine logs to the standard error that it was born with."""

    def __enter__(self) -> None:
        self.kept = os.dup(2)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 2)
        os.close(nothing)

    def __exit__(self, *_: object) -> None:
        os.dup2(self.kept, 2)
        os.close(self.kept)


@pytest.fixture(scope="session")
def build(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """``build(engine, table, partitions=3)``: `make`, with the session of Spark where it is needed."""

    def made(engine: str, table: Any, partitions: int = 3) -> Any:
        session = request.getfixturevalue("spark") if engine == "spark" else None
        return engines.make(engine, table, spark=session, partitions=partitions)

    return made
