"""Reads sentences with one contextual network: tags, lemmas, tree, names and propositions."""
