"""Import this before torch or anything of Hugging Face, which read their environment once.

No call leaves the machine, unless HF_HUB_OFFLINE=0 stands in the environment already.
"""

from __future__ import annotations

import os

# Read by the libraries as they are imported.
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    # A process that forks after tokenising in threads can hang; beside the model they gain nothing.
    "TOKENIZERS_PARALLELISM": "false",
    # How long an OpenMP thread spins while it waits for the others. By default it is 300,000 turns,
    # which makes a query 10 to 40 times slower when another program has one of two cores. This
    # costs nothing on an idle machine (13 ms a query) and leaves 40 ms on a busy one.
    "GOMP_SPINCOUNT": "7000",
}
for _name, _value in _ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)
