"""Tests in Chromium: a package, so that they can share one."""
