"""How many packages and megabytes a base install is: into a fresh environment, from this folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT_PACKAGES, LIMIT_MEGABYTES = 32, 100


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], check=True)
        listed = subprocess.run(
            [python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True
        ).stdout
        packages = [item for item in json.loads(listed) if item["name"] not in {"pip", "setuptools"}]
        site = next(Path(folder, "lib").glob("python*/site-packages"))
        ours = (
            path
            for path in site.rglob("*")
            if path.is_file() and not path.parts[len(site.parts)].startswith(("pip", "setuptools"))
        )
        megabytes = sum(path.stat().st_size for path in ours) / 1e6
    openai = next(item["version"] for item in packages if item["name"] == "openai")
    print(
        f"with openai {openai}: {len(packages)} packages ({len(packages) / LIMIT_PACKAGES:.2f} of the limit), ",
        end="",
    )
    print(f"{megabytes:.0f} MB ({megabytes / LIMIT_MEGABYTES:.2f} of the limit)")


if __name__ == "__main__":
    main()
