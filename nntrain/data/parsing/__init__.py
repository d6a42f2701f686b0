"""How the text of a cell becomes a value: numbers, times, missing values, and the format of a whole column."""
