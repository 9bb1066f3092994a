"""Read submissions from a download or a folder by name, size and format, following no links."""
