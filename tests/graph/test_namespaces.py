from __future__ import annotations

import pytest

from kg.graph.namespaces import CAT, ENT, PREFIXES, UnknownTermError, Vocabulary, with_broader


def test_a_term_is_its_iri() -> None:
    assert ENT.actor == "https://w3id.org/entente/ontology#actor"
    assert CAT["COERCE-arrest"] == "https://w3id.org/entente/category/COERCE-arrest"


def test_a_misspelt_term_raises() -> None:
    with pytest.raises(UnknownTermError, match="ent:acter is no term of"):
        ENT.acter  # noqa: B018
    with pytest.raises(UnknownTermError):
        CAT["COERCE-arest"]


def test_membership() -> None:
    assert "RULE" in CAT
    assert "RULES" not in CAT


def test_what_is_broader() -> None:
    assert set(with_broader(ENT.State)) == {ENT.State, ENT.Agent, ENT.Entity}
    assert set(with_broader(ENT.actor)) == {ENT.actor, ENT.participant}
    assert set(with_broader(CAT["COERCE-arrest"])) == {CAT["COERCE-arrest"], CAT.COERCE}
    assert with_broader(ENT.text) == (ENT.text,)


@pytest.mark.parametrize("prefix", sorted(set(PREFIXES) - {"res", "dbpedia", "wd"}))
def test_every_prefix_has_terms(prefix: str) -> None:
    terms = Vocabulary(prefix)
    from kg.graph.namespaces import ontology

    assert any(term.startswith(terms.namespace) for term in ontology().terms)
