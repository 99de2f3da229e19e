"""Articles in, statements out. Never imports `avowal.train`, nor torch at import time."""
