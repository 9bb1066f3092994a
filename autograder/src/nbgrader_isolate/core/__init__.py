"""What every part of the package may use: shared data, limits, errors, text, atomic writes."""
