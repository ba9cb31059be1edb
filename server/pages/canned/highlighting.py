"""Code in colour, on the server: SPARQL and the snippets, by Pygments with classes only (styles stand in the style sheet)."""

from __future__ import annotations

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name


def coloured(code: str, language: str = "sparql") -> Markup:
    """The code as HTML; Pygments escapes every token."""
    formatter = HtmlFormatter(nowrap=True, classprefix="hl-")
    return Markup(highlight(code, get_lexer_by_name(language), formatter))  # noqa: S704
