"""Tests against real servers, whole runs, and an independent reference."""
