"""What all instruments share: static and live forms, style, and the log of answers."""
