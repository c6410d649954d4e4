"""What keeps the platform running: the doctor, the roles, the purge, the lock and the record of builds, the schedule."""
