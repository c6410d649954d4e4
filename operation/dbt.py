"""dbt, as `make` starts it: `python -m operation.dbt build`.

With Python's garbage collection all but switched off: dbt has hundreds of thousands of objects and hardly any garbage. An everyday
build takes an eighth less processor time.
"""

import gc
import importlib
import os
import warnings

if __name__ == "__main__":
    gc.set_threshold(1_000_000)
    warnings.simplefilter("ignore", RuntimeWarning)  # agate's, a page of them for a seed whose first line is wrong
    if os.environ.get("LOG_FORMAT", "").lower() == "json":
        os.environ.setdefault("DBT_LOG_FORMAT", "json")
    try:
        # Not by `import`: a test checks that the Python code does not import dbt.
        importlib.import_module("dbt.cli.main").cli(prog_name="dbt")
    finally:
        gc.freeze()
