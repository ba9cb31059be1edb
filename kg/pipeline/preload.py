"""Load the model in the process that workers are forked from, so that they start fast and share its memory."""

import gc
import os

# Before numpy is loaded: workers share the processors between them, more threads in each would only wait for each other.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from kg.errors import EntenteError  # noqa: E402
from kg.pipeline.page import warm_up  # noqa: E402

try:
    warm_up()
except EntenteError:
    """The first worker that needs what is missing says so."""

# What is loaded stays: the collector need not look through it again, nor touch the memory that the workers share.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
