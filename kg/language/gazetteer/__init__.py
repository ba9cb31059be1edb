"""World knowledge: states, public bodies, places and organizations, as data files and their readers."""
