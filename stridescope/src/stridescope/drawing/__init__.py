"""SVG pictures: the grid of elements, the strip of bytes, plots and tables."""
