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
        # Bounds the memory: how many tables may wait to be copied.
        "EXTRACT__MAX_PARALLEL_ITEMS": "8",
    }
)
