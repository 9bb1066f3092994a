"""Build the notebooks from the sources in content/, and turn edited notebooks back into source."""
