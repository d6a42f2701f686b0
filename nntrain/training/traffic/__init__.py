"""Memory traffic: the bytes that the array operations of a step read and write, against the minimum."""
