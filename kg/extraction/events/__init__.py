"""Events of a passage: predicates, roles, modality, time, quotations and references."""
