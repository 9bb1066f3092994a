"""Run the cells of a page in the reader's browser: the runtime and its packing."""
