"""The Chroma server as a child process: `python chroma_server.py FOLDER PORT PARENT`, on loopback alone.

It is `chroma run` in one process of our own, which adds what a child of `vecu serve` needs: it owns the folder while
it lives, and it ends when its parent is gone, however the parent died.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

if __name__ == "__main__":
    # Started by path, so that it runs from a checkout and from an installed wheel alike.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from story_bank.errors import VecuError
from vectorstore.owner import own


def serve(folder: Path, port: int, parent: int) -> int:
    """Serve the folder until told to stop or the parent is gone; return the exit code (3: somebody else owns it)."""
    try:
        lock = own(folder)
    except VecuError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import chromadb_rust_bindings

    with lock:
        chromadb_rust_bindings.cli(["chroma", "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)])
    return 0


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
