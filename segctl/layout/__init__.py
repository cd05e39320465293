"""How definition files are laid out: a text in, the same in the one layout out, with all its values and comments."""
