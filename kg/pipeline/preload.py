"""Load the model in the process that workers are forked from, so that they start fast and share its memory."""

import gc
import os

# Before numpy is imported: workers share the processors, so more threads in each would only wait for each other.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from kg.errors import EntenteError  # noqa: E402
from kg.pipeline.page import warm_up  # noqa: E402

try:
    warm_up()
except EntenteError:
    """The first worker that needs the missing module reports it."""

# Freeze what is loaded: the garbage collector need not traverse it, nor write to memory that the workers share.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
