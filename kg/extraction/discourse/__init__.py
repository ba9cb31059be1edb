"""What a sentence takes over from the sentences before it: occasions, dates, the two sides of an article."""
