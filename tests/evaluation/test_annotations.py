"""The annotated sentences: their format, and the excerpts that are made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluation.annotated_excerpts import SHARED, excerpts
from tests.evaluation.annotated_names import accepted_forms
from tests.evaluation.annotations import FOLDER, AnnotationError, Participant, read_annotations

LINES = """# Chad–Sudan relations
7 | visited | CONSULT/AGREE | A | 2010-05-03 | Idriss Déby|Chad | ?Sudan | - | Sudan | -
~7 | talks#2 | CONSULT | L | i2010 | Chad; Sudan | - | - | - | -

90
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "some.txt"


def test_lines_are_read(written: Path) -> None:
    written.write_text(LINES, encoding="utf-8")
    (text,) = read_annotations(written)
    assert text.name == "Chad–Sudan relations"
    visit, talks = text.sentences[7]
    assert text.sentences[90] == []
    assert (visit.trigger, visit.occurrence, visit.categories, visit.optional) == ("visited", 1, ("CONSULT", "AGREE"), False)
    assert visit.participants["actor"] == (Participant(("Idriss Déby", "Chad"), demanded=True),)
    assert visit.participants["recipient"] == (Participant(("Sudan",), demanded=False),)
    assert visit.participants["about"] == ()
    assert (talks.trigger, talks.occurrence, talks.modality, talks.date, talks.optional) == ("talks", 2, "alleged", "i2010", True)
    assert [p.names for p in talks.participants["actor"]] == [("Chad",), ("Sudan",)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("7 | visited | CONSULT", "here there are 3"),
        ("7 | visited | VISIT | A | - | - | - | - | - | -", "no category of events in 'VISIT'"),
        ("seven", "the first with the position"),
    ],
)
def test_a_wrong_line_is_named(written: Path, line: str, said: str) -> None:
    written.write_text(f"# Chad\n{line}\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match=rf"some\.txt:2: .*{said}"):
        list(read_annotations(written))


def test_a_line_before_any_heading_is_named(written: Path) -> None:
    written.write_text("7\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="there is no heading"):
        list(read_annotations(written))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_annotations_are_well_formed(file: Path) -> None:
    texts = list(read_annotations(file))
    assert len({text.name for text in texts}) == len(texts) > 1
    assert sum(len(events) for text in texts for events in text.sentences.values()) > len(texts)


@pytest.mark.skipif(not (SHARED / "evaluation" / "real").is_dir(), reason=f"{SHARED} is not here: it has the annotated texts")
def test_anchors_stand_in_their_excerpts() -> None:
    found = list(excerpts())
    assert len(found) > 100
    for _, text, gold in found:
        assert [event["anchor"] for event in gold["events"] if event["anchor"] not in text] == []


def test_a_participant_may_be_named_by_other_forms() -> None:
    assert {"Laos", "Laotian", "government of Laos"} <= set(accepted_forms("Lao government"))
    assert set(accepted_forms("George H. Thomas")) == {"George H. Thomas", "Thomas"}
    assert "South Korea" not in accepted_forms("North Korea")
