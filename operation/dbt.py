"""dbt, as `make` starts it: `python -m operation.dbt build`.

Python would search dbt's hundreds of thousands of objects for garbage again and again, and once more at its end, to find next to
none: without that an everyday build takes an eighth less of the processor.
"""

import gc
import importlib

if __name__ == "__main__":
    gc.set_threshold(1_000_000)
    try:
        # By its name: the project's own Python does without dbt everywhere else.
        importlib.import_module("dbt.cli.main").cli(prog_name="dbt")
    finally:
        gc.freeze()
