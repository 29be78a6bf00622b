"""Scripts that make the models and weights that ship with the program."""
