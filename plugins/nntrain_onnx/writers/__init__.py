"""What each class becomes in a graph, family by family, under the names of the classes."""
