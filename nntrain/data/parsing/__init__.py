"""Convert the texts of cells to values: numbers, times, missing values, and the formats of columns."""
