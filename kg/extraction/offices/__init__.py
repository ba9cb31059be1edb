"""Offices and tenures: who held which office, when."""
