"""Trains the pipeline that ships in ``kg/language/model`` from Universal Dependencies treebanks."""
