"""Alerts and the report: they read the marts and compute nothing."""
