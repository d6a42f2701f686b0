"""Encoders of table columns: each is fitted on the training rows and then turns any rows into network inputs."""
