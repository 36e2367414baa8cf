"""The browser's modules under node: their own tests; `make check` looks at their types."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")


def run(*arguments: str) -> None:
    done = subprocess.run([NODE, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_passes_its_tests() -> None:
    run("--test", *sorted(str(path) for path in Path(__file__).parent.glob("*.test.js")))
