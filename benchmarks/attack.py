"""Ten thousand synthetic drafts against the checks of code: what is dropped, what is marked, what is shown as it stands.

Every draft is a reply as raw text that goes through the model's engine, the answerer and both renderings; no model and
no network is asked, and no judge helps. What they are made from: the sample papers, the recorded survey's claims in
their own words, and the saved pages that LITREVIEW_PAGES names.

    attack.py [DRAFTS] [--seed NUMBER] [--shown]     --shown lists what breaks a must, and false alarms
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "attack"))
sys.path.insert(0, str(ROOT))

from attack_bases import pages_world, recorded_world, sample_world  # noqa: E402
from attack_draws import broken_musts, count_kinds, draw, false_alarms, table  # noqa: E402
from attack_run import attack  # noqa: E402

HUGE = 18  # drafts of a megabyte: each takes long


def main(arguments: list[str]) -> None:
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 1
    wanted = int(arguments[0]) if arguments and arguments[0].isdigit() else 10_000
    worlds = [world for world in (sample_world(), recorded_world(), pages_world()) if world]
    since = time.perf_counter()
    results = attack(draw(worlds, -(-(wanted - HUGE) // count_kinds()), seed, HUGE))
    seconds = time.perf_counter() - since
    broken, alarms = broken_musts(results), false_alarms(results)
    pages = "" if os.environ.get("LITREVIEW_PAGES") else " (LITREVIEW_PAGES is not set)"
    papers = " and ".join(str(len(world.papers)) for world in worlds)
    print(
        f"{len(results)} drafts on {papers} papers{pages}, {1000 * seconds / len(results):.1f} ms each, seed {seed}\n"
    )
    print(table(results))
    print(f"\nmusts broken: {len(broken)}; true or harmless ones dropped or marked: {len(alarms)}")
    for one in [*broken, *alarms] if "--shown" in arguments else broken:
        print(f"  {one.fate} {one.draft.kind}: {one.draft.text[:200]} {one.codes} {one.wrong[:2]}")
        print(f"      evidence: {one.draft.base.evidence[:300]}")


if __name__ == "__main__":
    main(sys.argv[1:])
