"""Trains and measures the encoder that the language stage ships. PyTorch is imported in this package alone; running needs none of it."""
