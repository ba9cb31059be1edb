"""World knowledge: states, public bodies, places and organisations, as data files and their readers."""
