"""The base class of errors addressed to users: the command line prints them in one line and exits with code 2."""

from __future__ import annotations


class EntenteError(Exception):
    """Something that the user can correct. The message says in one line what was wrong, where, and what to do."""
