"""dlt loaders: they copy the FTP server and the ERP into the schema raw, and interpret nothing."""

import os

# dlt reads these two when it is imported. Its other settings are in `pipelines.py`.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
# dlt raises its errors, and the loaders report each in one line: its own log would repeat them.
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
