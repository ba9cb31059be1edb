"""The gold sentences: reading treebanks, PropBank and other corpora with names, and making variants of their sentences."""
