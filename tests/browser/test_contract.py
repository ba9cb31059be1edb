"""The JSON API against its own description: a validator, and schemathesis, which generates requests."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path


def test_the_description_is_valid_openapi(site: str) -> None:
    from openapi_spec_validator import validate

    with urllib.request.urlopen(f"{site}/openapi.json") as response:
        validate(json.load(response))


def test_the_api_does_what_it_describes(site: str, tmp_path) -> None:
    """Schemathesis: no undescribed status, media type or body, no server error, and invalid values are refused."""
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,missing_required_header"
    options = [
        "--phases",
        "examples,fuzzing",
        "--max-examples",
        "4",
        "--seed",
        "7",
        "--suppress-health-check",
        "all",
        "--request-timeout",
        "20",
    ]
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{site}/openapi.json", "--checks", checks, *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
