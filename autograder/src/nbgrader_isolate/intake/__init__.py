"""From a download or a folder to a submission: names, sizes and file formats, and nothing that follows a link."""
