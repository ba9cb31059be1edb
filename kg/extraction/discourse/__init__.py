"""What a sentence inherits from earlier ones: occasions, dates, the two sides of an article."""
