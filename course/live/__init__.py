"""Run the cells of a page in the reader's browser: the runtime, and how it is packed for the site."""
