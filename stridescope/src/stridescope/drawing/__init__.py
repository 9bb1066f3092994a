"""Pictures as SVG, and the HTML around them: the grid, the strip of bytes, plots and tables."""
