"""The gold sentences: reads the treebanks, PropBank and other corpora with names, and makes variants of their sentences."""
