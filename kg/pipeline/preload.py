"""Imported once by the process that workers are forked from, so that they start warm and share the model's memory."""

from kg.errors import EntenteError
from kg.pipeline.page import warm_up

try:
    warm_up()
except EntenteError:
    """The first worker that needs what is missing says so."""
