"""Thin dlt loaders: they copy the factory's FTP server and ERP into the raw schema, and interpret nothing."""

import os

# dlt reads these as soon as it is imported; all its other settings are in `pipelines.py`.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
# What fails is raised; the loaders report it, once and in one line.
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
