"""What loaders, operation and publication share: settings and `.env`, commands, errors, retries, the log file, and the warehouse.

Of the warehouse: its sessions, the lock, the schema raw, and the record of runs.
"""
