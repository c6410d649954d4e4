"""Thin dlt loaders: they copy the factory's FTP server and ERP into the raw schema, and interpret nothing."""

import os

# dlt reads its settings from the environment, the first of them as soon as it is imported.
os.environ.update(
    {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        # What fails is raised; the loaders report it, once and in one line.
        "RUNTIME__LOG_LEVEL": "CRITICAL",
        # One table after the other: MySQL's streaming cursor cannot do otherwise.
        "EXTRACT__NEXT_ITEM_MODE": "fifo",
        # These two bound the memory: tables that wait to be written, and rows that wait to be a row group.
        "EXTRACT__MAX_PARALLEL_ITEMS": "8",
        "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
        # A job that failed has ended PostgreSQL's transaction: trying it again would be in vain.
        "LOAD__RAISE_ON_MAX_RETRIES": "1",
    }
)
