"""`make trial`: the long forms of the tests, on one core, with what they tried and what held."""

import os
import subprocess
import sys

if __name__ == "__main__":
    long = {**os.environ, "HYPOTHESIS_PROFILE": "trial"}
    command = [sys.executable, "-m", "pytest", "-m", "trial", "-s", *sys.argv[1:]]
    sys.exit(subprocess.run(command, env=long).returncode)
