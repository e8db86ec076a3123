"""Writes all golden values of internal/conformance again: `npm run golden`, or one file with `python3 scripts/golden/NAME.py`.

The scripts need PyTorch. If the Python that runs this has none, the first python3 on the PATH that has it takes over.
"""

import os
import subprocess
import sys
from pathlib import Path


def has_torch(python):
    return subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0


def candidates():
    yield sys.executable
    for folder in os.environ["PATH"].split(os.pathsep):
        yield os.path.join(folder, "python3")


python = next((path for path in candidates() if os.access(path, os.X_OK) and has_torch(path)), None)
if python is None:
    sys.exit("No python3 on the PATH has PyTorch. On Debian: apt install python3-torch.")
here = Path(__file__).resolve().parent
for script in sorted(here.glob("*.py")):
    if script.name != "__main__.py":
        print(f"{python} {script.relative_to(here.parents[1])}")
        subprocess.run([python, script], check=True)
