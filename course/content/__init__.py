"""The notebooks of the course, built from the texts in content/, and the way back."""
