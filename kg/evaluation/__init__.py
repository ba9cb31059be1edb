"""How good a graph is: comparison with gold files, and figures that a reader would recognise."""
