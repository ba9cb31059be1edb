"""Headlines of events: the sentence's own clause, reduced to who did what to whom and what identifies them."""
