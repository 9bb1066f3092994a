"""What every room may use: the data that crosses between them, limits, errors, printable text, atomic writes."""
