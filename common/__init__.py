"""What loaders, operation and publication share: settings and `.env`, errors and patience, the log file, the warehouse.

Of the warehouse: its sessions, the one lock, the schema raw, and the ledger of runs.
"""
