"""Signals: the ones that stop a process, and contexts that defer them."""
