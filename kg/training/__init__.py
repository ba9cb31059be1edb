"""Trains and measures the encoder that the language stage ships; nothing here is needed to run it. PyTorch may be imported in this package alone."""
