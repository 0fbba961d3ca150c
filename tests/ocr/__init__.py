"""Pages of an app as pictures, and what must be read from them."""
