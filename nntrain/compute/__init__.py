"""Computing without networks: array types, threads, random streams, memory."""
