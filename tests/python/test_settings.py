"""Settings: a bad one stops the build with one clear sentence that names it."""

from __future__ import annotations

from conftest import run_dbt


def test_conftest_runs_dbt(tmp_path):
    result = run_dbt(["parse"], env={"DBT_TARGET_PATH": str(tmp_path)})
    assert result.returncode == 0, result.stdout
