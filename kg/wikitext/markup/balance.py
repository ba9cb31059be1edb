"""Balance opening and closing markup in one pass with a stack, in linear time.

There are up to two runs. The first trusts the text: only matching signs count, whatever they span. If it leaves a template, table
or reference open, a second, repairing run assumes that none of them extends past a heading, and closes each where it plausibly
ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import islice

from kg.wikitext.knowledge import table, words
from kg.wikitext.markup.open_markup import STRONG, Insertion, Mask, Opened, OpenMarkup, implied

# What may occur inside a tag and is not part of its attributes.
_INSIDE = r"<(?:/?(?:nowiki|noinclude|includeonly|onlyinclude)\s*+/?|!--(?:[^<>-]++|-(?!->))*+--)>"
_QUOTED = r'"(?:[^"<>\n]++|<(?!/|ref\b)[^"<>\n]*+>?+)*+"'
# Every alternative begins with a distinct character, so that the search skips text without trying each.
_SIGNS = re.compile(
    r"<(?P<comment>!--)"
    r"|</(?P<cut>[A-Za-z][A-Za-z0-9]*+)\s*+(?P<end>>)?"
    rf"|<(?P<name>[A-Za-z][A-Za-z0-9]*+)(?=[\s/>])(?P<tag>(?:[^<>\"]++|{_QUOTED}|\"|{_INSIDE})*+)>"
    r"|<(?P<angle>(?:<(?=<))*+)"
    r"|\{(?P<braces>\{++)"
    r"|\}(?P<closing>\}++)"
    r"|\[(?P<brackets>\[*+)"
    r"|\](?P<ends>\]*+)"
    r"|\|[ \t]*+(?:link|alt)[ \t]*+=[^|\[\]{}\n:]*+(?P<option>:)//"
    r"|:(?P<address>)//"
    r"|\|(?P<cell>\|)"
    r"|!(?P<exclamations>!)"
    r"|\n(?P<line>)(?=[ \t:]*+[{|!=]|[*#:;]{16})"
)
# The same at the beginning of a line.
_LINE = re.compile(
    r"(?P<table>[ \t:]*+\{\|)"
    r"|(?P<table_end>[ \t]*+\|\}(?!\}))"
    r"|(?P<heading>=(?=[^\n]*=[ \t]*(?:<!--|$)))"
    r"|(?P<no_heading>=++)"
    r"|[*#:;]{16}(?P<markers>[*#:;]++)"
    r"|(?P<cell>[ \t]*+[|!])",
    re.MULTILINE,
)
_URL = re.compile(r"(?:[a-z]{2,9}:)?//|mailto:|news:", re.IGNORECASE)
_ADDRESS_END = re.compile(r"[^\s\[\]<>\"]*+(?:([<\"])|([^\S \n]))")
_NUMERIC_HOST = re.compile(r"[a-z]{2,9}://(\[)[0-9A-Fa-f:.]++(\])", re.IGNORECASE)
_ADDRESS_PART = re.compile(r"[^\s|\[\]{}<>\"]*+(\|)?")
_INCLUDED = re.compile(rf"<includeonly\s*+>.*?</includeonly\s*+>|{_INSIDE}", re.IGNORECASE)
_ANGLE = re.compile(r"[<>]")
_BEHIND_HEADING = re.compile(r"\{\{[^{}\n]*+\}\}|<ref\b[^<>]*+/>|<ref\b.*?</ref\s*+>|<[^<>\n]*+>", re.IGNORECASE)
_TARGET_END = re.compile(r"[|\n\[\]<]")
_INFOBOX = re.compile(r"[^\n|{]*+\n?\{\{\s*+infobox\b", re.IGNORECASE)
_STRAY_END = re.compile(r"\|\}(?!\})")
_REST_OF_PIPE = re.compile(r"[^\n|\[\]{}]*+\|(?!\|)")
_CAPTION = re.compile(r"\+[^\n|\[\]{}]*+\|(?![|}])")
_CONTENT = re.compile(r"\s*+(\{\{(?:[^{}]++|\{\{[^{}]*+\}\})*+\}\}|\[[^\[\]\n]*+\]|https?://[^\s<>\[\]{}|]++)")
_NEXT_REF = re.compile(r"<ref(?=[\s>])[^<>]*(?<!/)>|</ref", re.IGNORECASE)
_ARGUMENTS = re.compile(r"\n[ \t]*+(?![|\s}!*#])")
_FAR = 5000
_LONGEST_HALF_CLOSED = 200
# Parts of about this many characters are parsed separately.
_PIECE = 4096
_MOST_BRACES = 9


class Balance(OpenMarkup):
    """One run over a text; afterwards, ``insertions``, ``masks``, ``cuts`` and ``notes`` contain the result."""

    def __init__(self, text: str, repairing: bool = False) -> None:
        super().__init__()
        self.text = text
        self.repairing = repairing
        self.cuts: list[int] = []
        self._never_closed: set[str] = set()
        self._cell = -1
        self._address_end = -1
        self._piped = False

    def run(self) -> Balance | None:
        """Scan the text; None if the run trusts it and a template, table or reference stays open."""
        text = self.text
        place = free = cut = 0
        match = _LINE.match(text) or self._next(0)
        while match:
            if not self._open and match.start() - cut >= _PIECE:
                line = text.rfind("\n", max(free, cut), match.start()) + 1
                if line > cut:
                    self.cuts.append(line)
                    cut = line
            place = _HANDLERS[match.lastgroup or ""](self, match) or match.end()
            if not self._open:
                free = place
            match = self._next(place)
        if not self.repairing and any(o.kind in STRONG for o in self._open):
            return None
        self._unwind(len(text))
        return self

    def _next(self, place: int) -> re.Match[str] | None:
        """Return the next sign from ``place`` on."""
        while (match := _SIGNS.search(self.text, place)) and match.lastgroup == "line":
            if at_line := _LINE.match(self.text, match.end()):
                return at_line
            place = match.end()
        return match

    # -- comments and tags

    def _comment(self, match: re.Match[str]) -> int:
        end = self.text.find("-->", match.end()) if "comment" not in self._never_closed else -1
        if end >= 0:
            return end + 3
        self._never_closed.add("comment")
        end = _line_end(self.text, match.end())
        if self._nearest("ref", through=STRONG) >= 0 and (closing := _NEXT_REF.search(self.text, match.end(), end)):
            end = closing.start()
        self._put(end, "-->", "comment not closed")
        return end

    def _tag(self, match: re.Match[str]) -> int | None:
        name = match["name"].lower()
        if name not in _tags():
            self.masks.append(Mask(match.start(), match.start() + 1))
            return match.start() + 1
        attributes = match["tag"]
        self._tidy(attributes, match.start("tag"))
        if attributes.endswith("/") or name in words("tags", "void"):
            return None
        if name == "ref" and attributes.rstrip().endswith("/"):  # "<ref name=a / >", which ends itself for whoever wrote it
            slash, last = match.start("tag") + attributes.rindex("/"), match.end("tag") - 1
            self.masks += (Mask(slash, slash + 1, " "), Mask(last, last + 1, "/"))
            return None
        if name in words("tags", "opaque"):
            return self._opaque(name, match)
        if name == "ref":
            self._ref(match)
            return None
        if name in implied():
            self._end_implied(name, match.start())
        self._push("tag", match, name)
        return None

    def _tidy(self, attributes: str, start: int) -> None:
        """Mask what mwparserfromhell does not accept in a tag: line breaks, and an odd number of quotation marks."""
        if "<" in attributes:
            self.masks += (Mask(start + m.start(), start + m.end(), " ") for m in _INCLUDED.finditer(attributes))
            attributes = _INCLUDED.sub(lambda m: " " * len(m.group()), attributes)
            self.masks += (Mask(start + m.start(), start + m.end()) for m in _ANGLE.finditer(attributes))
        if "\n" in attributes:
            self.masks += (Mask(start + m.start(), start + m.end(), " ") for m in re.finditer(r"\n", attributes))
        for mark in "\"'":
            if attributes.count(mark) % 2:
                self.masks += (Mask(start + m.start(), start + m.end()) for m in re.finditer(mark, attributes))

    def _opaque(self, name: str, match: re.Match[str]) -> int | None:
        """Handle a tag whose content is not markup."""
        closing = None if name in self._never_closed else re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, match.end())
        if closing:
            return closing.end()
        self._never_closed.add(name)
        self.masks.append(Mask(match.start(), match.start() + 1))
        return None

    def _end_implied(self, name: str, at: int) -> None:
        """End the elements that a tag ends implicitly, as ``<li>`` ends the previous item."""
        ended, within = implied()[name]
        lowest = None
        for i in range(len(self._open) - 1, -1, -1):
            if self._open[i].kind in STRONG or self._open[i].name in within:
                break
            if self._open[i].name in ended:
                lowest = i
        if lowest is not None:
            self._discard(lowest, at)

    def _end_tag(self, match: re.Match[str]) -> None:
        name = match["cut"].lower()
        if name == "ref":
            self._closed_ref(match)
        elif name not in words("tags", "void") and not self._too_deep(name, match.start(), match.start() + 1):
            index = self._nearest("tag", name) if name in _tags() else -1
            if index < 0:
                self.masks.append(Mask(match.start(), match.start() + 1))
            else:
                self._discard(index + 1, match.start())
                self._open.pop()

    def _cut_tag(self, match: re.Match[str]) -> int:
        if match["cut"].lower() == "ref":
            self._put(match.end("cut"), ">", "reference not closed")
            self._closed_ref(match)
        else:
            self.masks.append(Mask(match.start(), match.start() + 1))
        return match.end("cut")

    def _angle(self, match: re.Match[str]) -> None:
        self.masks.append(Mask(match.start(), match.end()))

    # -- references

    def _ref(self, match: re.Match[str]) -> None:
        if self.repairing and self._inside("ref") and not self._nested(match.end()):
            self._close_ref(match.start())
        self._push("ref", match)

    def _nested(self, end: int) -> bool:
        """Whether the reference that opens before ``end`` and the one around it are both closed before the next opens."""
        following = [m.group().lower() for m in islice(_NEXT_REF.finditer(self.text, end, end + _FAR), 2)]
        return following == ["</ref", "</ref"]

    def _closed_ref(self, match: re.Match[str]) -> None:
        if self._too_deep("ref", match.start(), match.start() + 1):
            return
        index = self._nearest("ref", through=STRONG if self.repairing else frozenset())
        if index < 0:
            self.masks.append(Mask(match.start(), match.start() + 1))
            return
        while len(self._open) > index + 1:
            self._give_up(match.start())
        self._open.pop()

    def _close_ref(self, limit: int) -> None:
        while self._open[-1].kind != "ref":
            self._give_up(limit)
        begin = self._open.pop().end
        self._put(self._reference_end(begin, limit), "</ref>", "reference not closed")

    def _reference_end(self, begin: int, limit: int) -> int:
        """Return where an unclosed reference plausibly ends: after its template, link or address; else at the end of the line."""
        match = _CONTENT.match(self.text, begin)
        return min(match.end() if match else _line_end(self.text, begin), limit)

    # -- templates

    def _braces(self, match: re.Match[str]) -> int | None:
        innermost = self._innermost_strong()
        if innermost >= 0 and self._open[innermost].kind == "table" and (ended := _table_end().match(self.text, match.start())):
            self._discard(innermost + 1, match.start())
            self._open.pop()
            self.insertions.append(Insertion(match.start(), "|}\n"))
            return ended.end()
        surplus = match.end() - match.start() - _MOST_BRACES
        if surplus > 0:
            self.masks.append(Mask(match.start(), match.start() + surplus))
        self._push("braces", match, start=match.start() + max(0, surplus))
        return None

    def _closing(self, match: re.Match[str]) -> None:
        place, end = match.span()
        while end - place >= 2:
            if self._too_deep("braces", place, place + 2):
                place += 2
                continue
            index = self._nearest("braces")
            if index < 0:
                break
            self._discard(index + 1, place)
            opened = self._open[-1]
            closed = min(opened.size, end - place, 3)
            opened.size -= closed
            place += closed
            if opened.size < 2:
                self._open.pop()
                if opened.size:
                    self.masks.append(Mask(opened.start, opened.start + 1))
        if place < end:
            self.masks.append(Mask(place, end))

    # -- links

    def _brackets(self, match: re.Match[str]) -> int | None:
        size = match.end() - match.start()
        if size == 1:
            if _URL.match(self.text, match.end()):
                self._push("address", match)
                return self._address(match.end())
            if self._nearest("link") >= 0:
                self._push("bracket", match)
            return None
        if size > 2:
            self.masks.append(Mask(match.start(), match.end() - 2))
            if size == 3 and self._nearest("link") < 0:
                self._push("bracket", match)
        self._push("link", match, start=match.end() - 2)
        return None

    def _address(self, start: int) -> int | None:
        """Handle an address in brackets: characters that end it without being spaces, and the brackets of a numeric host, are masked."""
        host = _NUMERIC_HOST.match(self.text, start)
        if host:
            self.masks += (Mask(*host.span(1)), Mask(*host.span(2)))
        if end := _ADDRESS_END.match(self.text, host.end() if host else start):
            if end[1]:
                self.insertions.append(Insertion(end.start(1), " "))
            else:
                self.masks.append(Mask(*end.span(2), " "))
        return host.end() if host else None

    def _ends(self, match: re.Match[str]) -> None:
        place, end = match.span()
        if end - place > 1 and self._too_deep("link", place, end):
            return
        while place < end:
            index = next((i for i in range(len(self._open) - 1, self._innermost_strong(), -1) if self._open[i].kind != "tag"), -1)
            if index < 0:
                break
            opened = self._open[index]
            if opened.kind == "bracket" and end - place == 2 and self._nearest("link") >= 0:
                self._open.pop(index)
                continue
            self._discard(index + 1, place)
            self._open.pop()
            place += self._end_bracket(opened, place, end)
        if end - place > 1:
            self.masks.append(Mask(place, end))

    def _end_bracket(self, opened: Opened, place: int, end: int) -> int:
        """Close a link, address or plain bracket; return the number of signs that it takes."""
        if opened.kind == "bracket":
            self.masks.append(Mask(place, place + 1))
            return 1
        if opened.kind == "address":
            if self.text.find("\n", opened.end, place) >= 0:
                self._mask_sign(opened)
            return 1
        if end - place == 1:
            if place - opened.end > _LONGEST_HALF_CLOSED or self.text.find("\n", opened.end, place) >= 0:
                self._open.append(opened)
            else:
                self._put(place + 1, "]", "link closed by one bracket")
            return 1
        stop = _TARGET_END.search(self.text, opened.end, place)
        fragment = stop is not None and stop.group() == "<" and self.text.find("#", opened.end, stop.start()) >= 0
        if fragment:
            until = self.text.find("|", opened.end, place)
            self.masks += (Mask(*m.span()) for m in _ANGLE.finditer(self.text, opened.end, until if until >= 0 else place))
        if stop and stop.group() != "|" and not fragment and not self.text.startswith("<!--", stop.start()):
            self._mask_sign(opened)
            self.masks.append(Mask(place, place + 2))
        else:
            self._show_pipe(opened, place + 2)
        return 2

    # -- tables and headings

    def _table(self, match: re.Match[str]) -> None:
        self._push("table", match)
        line = _line_end(self.text, match.end())
        self.masks += (Mask(*m.span()) for m in _STRAY_END.finditer(self.text, match.end(), line))
        if self._open and self._open[-1].start == match.start() and _INFOBOX.match(self.text, match.end()):
            self._open[-1].name = "infobox"
            self.masks.append(Mask(match.end() - 2, match.end()))

    def _end_table(self, match: re.Match[str]) -> None:
        if self._too_deep("table", match.start(), match.end()):
            return
        innermost = self._innermost_strong()
        if self.repairing and self._inside("table"):
            while self._open[-1].kind != "table":
                self._give_up(match.start())
        elif innermost < 0 or self._open[innermost].kind != "table":
            if not self._inside("table"):
                self.masks.append(Mask(match.end() - 2, match.end()))
            return
        self._discard(self._innermost_strong() + 1, match.start())
        if self._open.pop().name == "infobox":
            self.masks.append(Mask(match.end() - 2, match.end()))

    def _table_cell(self, match: re.Match[str]) -> None:
        innermost = self._innermost_strong()
        if innermost < 0 or self._open[innermost].kind != "table":
            return
        self._discard_inline(innermost + 1, match.start())
        self._cell = match.end()
        if caption := _CAPTION.match(self.text, match.end()):
            self.masks.append(Mask(match.end() + 1, caption.end()))

    def _discard_inline(self, index: int, at: int) -> None:
        """At the end of a wiki table's cell, drop what is still open in it, unless it is an HTML table or list."""
        if any(o.name in words("tags", "container") for o in self._open[index:]):
            return
        self._discard(index, at)

    def _show_pipe(self, link: Opened, end: int) -> None:
        """Mask a single pipe after the first link of a cell, since the text before it is not a list of attributes."""
        innermost = self._innermost_strong()
        if self._cell < 0 or innermost < 0 or self._open[innermost].kind != "table":
            return
        before, self._cell = self._cell, -1
        if self.text.find("|", before, link.start) < 0 and (pipe := _REST_OF_PIPE.match(self.text, end)):
            self.masks.append(Mask(pipe.end() - 1, pipe.end()))

    def _option(self, match: re.Match[str]) -> None:
        """Handle an address in a file's option: the parser would read past the ``|`` that ends it."""
        self.masks.append(Mask(*match.span("option")))

    def _markers(self, match: re.Match[str]) -> None:
        self.masks.append(Mask(*match.span("markers")))

    def _in_link(self, match: re.Match[str]) -> None:
        """Handle an address in any part of a link, if a ``|`` ends it."""
        if not self._open or self._open[-1].kind != "link":
            return
        if match.end() > self._address_end and (part := _ADDRESS_PART.match(self.text, match.end())):
            self._address_end, self._piped = part.end(), part[1] is not None
        if self._piped:
            self.masks.append(Mask(match.start(), match.start() + 1))

    def _no_heading(self, match: re.Match[str]) -> None:
        """Mask equals signs at the beginning of a line that does not end with them, unless only templates or tags follow."""
        line = self.text[match.start() : _line_end(self.text, match.end())]
        if line.rfind("=") < len(match.group()) or _BEHIND_HEADING.sub("", line).rstrip().endswith("="):
            return
        self.masks.append(Mask(*match.span()))

    def _heading(self, match: re.Match[str]) -> None:
        if self.repairing:
            self._unwind(match.start())

    # -- giving up

    def _unwind(self, limit: int) -> None:
        while self._open:
            self._give_up(limit)
        self._skipped.clear()

    def _give_up(self, limit: int) -> None:
        """Close the element opened last, at ``limit`` or before."""
        opened = self._open[-1]
        if opened.kind not in STRONG:
            self._discard(len(self._open) - 1, limit)
        elif opened.kind == "ref":
            self._close_ref(limit)
        else:
            self._open.pop()
            if opened.kind == "table":
                self._put(limit, "\n|}\n", "table not closed")
            elif opened.size > 3:
                self._mask_sign(opened)
            else:
                self._put(self._template_end(opened.start, limit), "}" * opened.size, "template not closed")

    def _template_end(self, start: int, limit: int) -> int:
        """Return the end of an unclosed template: that of its line, or of the lines with ``|`` that continue it."""
        match = _ARGUMENTS.search(self.text, start, limit)
        return match.start() if match else limit


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


@cache
def _tags() -> frozenset[str]:
    """Return every tag known to MediaWiki or one of its extensions."""
    return words("tags", "known") | words("tags", "void") | words("tags", "opaque")


@cache
def _table_end() -> re.Pattern[str]:
    """Return the end of a template that closes a table, on a line of its own."""
    names = "|".join(re.escape(name) for name in table("templates")["table_end"]["templates"])
    return re.compile(rf"(?<![^\n])\{{\{{\s*(?:{names})\s*\}}\}}", re.IGNORECASE)


_HANDLERS: dict[str, Callable[[Balance, re.Match[str]], int | None]] = {
    "comment": Balance._comment,
    "tag": Balance._tag,
    "end": Balance._end_tag,
    "cut": Balance._cut_tag,
    "angle": Balance._angle,
    "braces": Balance._braces,
    "closing": Balance._closing,
    "brackets": Balance._brackets,
    "ends": Balance._ends,
    "table": Balance._table,
    "table_end": Balance._end_table,
    "cell": Balance._table_cell,
    "exclamations": Balance._table_cell,
    "heading": Balance._heading,
    "markers": Balance._markers,
    "option": Balance._option,
    "address": Balance._in_link,
    "no_heading": Balance._no_heading,
}
