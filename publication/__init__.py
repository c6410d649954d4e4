"""Alerts and the report: they read the marts and at most add up."""
