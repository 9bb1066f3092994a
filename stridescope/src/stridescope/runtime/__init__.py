"""What every instrument shares: its static and live forms, style, and answer log."""
