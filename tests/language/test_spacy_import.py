"""spaCy is imported without PyTorch and without its command line."""

import subprocess
import sys

SCRIPT = """
import sys
import kg.extraction
loaded = [name for name in sys.modules if name.split(".")[0] == "torch" or name.startswith("spacy.cli")]
import spacy
print(loaded, "spacy_version" in spacy.info(silent=True))
from spacy.cli import info
print(info.__module__)
"""


def test_torch_and_the_command_line_are_left_out_and_stay_importable() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.strip().split("\n") == ["[] True", "spacy.cli.info"]
