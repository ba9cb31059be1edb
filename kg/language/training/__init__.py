"""Trains the pipeline that ships in ``kg/language/parsing/model`` from Universal Dependencies treebanks."""
