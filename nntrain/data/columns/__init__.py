"""How a column of a table becomes inputs of a network; each encoder is fitted on the training rows and then fixed."""
