"""What nbgrader itself loads: settings, exporters, preprocessors."""
