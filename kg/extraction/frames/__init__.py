"""Event frames: the lexicon from words to PLOVER categories and roles, with its reader and matcher."""
