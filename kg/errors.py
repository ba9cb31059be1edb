"""The one class of errors that are meant for people: the command line prints them as one line and exits with code 2."""

from __future__ import annotations


class EntenteError(Exception):
    """Something that the user can mend. The message says what was wrong, where, and what to do, in one line."""
