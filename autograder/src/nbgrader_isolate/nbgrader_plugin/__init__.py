"""The parts that nbgrader itself loads: settings, an exporter, and preprocessors."""
