"""Keeps the platform running: doctor, roles, purge, the lock and record of builds, schedule, jobs."""
