"""The application: settings, wiring, steps, jobs, writing aids, access, web and pages."""
