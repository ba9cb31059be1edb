"""Event frames: the lexicon from words to PLOVER categories and roles, its reader and its matcher."""
