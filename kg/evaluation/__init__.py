"""Evaluate a graph against gold annotations: precision, recall and F of facts, and the share of whole statements."""
