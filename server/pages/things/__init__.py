"""Pages of single things: entities, events, agreements, tenures, articles, passages, citations, categories, pairs."""
