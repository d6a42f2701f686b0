"""Layers for tables: columns, their embeddings, and ensembles in one network."""
