"""How fast 100,000 documents are searched: `python -m tests.bench.search [HOW MANY]`.

The embedded engine in this process, a real Meilisearch over HTTP asked plainly for its first 20
with its own ranking (given folded words, without which it finds no name in the other alphabet),
and the portal's engine on Meilisearch. Everyone gets the same questions in turn, in one run: what
is held is the ratio, for times differ from machine to machine.
"""

import math
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from search.embedded import EmbeddedEngine
from search.engine import Question
from search.folding import fold_words
from tests.bench.asked import Asked, is_right, questions
from tests.bench.crowd import documents
from tests.bench.peer import Meilisearch, running

HOW_MANY = 100_000
ROUNDS = 3
MOST_RATIO = 2.0
MOST_MEGABYTES = 500
KEPT = Path("var/bench")

Peers = dict[str, Callable[[Question], list[str]]]
Times = dict[str, dict[str, list[float]]]


def main(count: int = HOW_MANY) -> None:
    """Build, ask, print, and keep what was printed."""
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        say(f"{count:,} documents, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        say(_build_apart(Path(folder) / "embedded", count))
        peers = {"embedded": _embedded(Path(folder) / "embedded", stack)}
        if url := stack.enter_context(running(Path(folder) / "meilisearch")):
            peers |= _peers_at(url, count, say)
        else:
            say("Meilisearch is not installed (make meilisearch): the embedded engine alone")
        measure(peers, count, say)
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"search-{datetime.now(UTC):%Y-%m-%d}.txt"
    kept.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _build_apart(folder: Path, count: int) -> str:
    """Build the embedded index in a process of its own, so that its memory is told apart."""
    command = [sys.executable, "-m", "tests.bench.search", "build", str(folder), str(count)]
    took, writing, megabytes = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout.split()
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    verdict = "" if float(megabytes) <= MOST_MEGABYTES else f", more than {MOST_MEGABYTES}"
    return (
        f"embedded: built in {float(took):.0f} s ({count / float(took):,.0f} a second),"
        f" peak memory {float(megabytes):.0f} MB{verdict}, {size:.0f} MB on disk,"
        f" then {float(writing) * 1000:.0f} ms to overwrite and remove one document"
    )


def build(folder: Path, count: int) -> None:
    """Print the seconds to build, those to overwrite and remove one more, and peak megabytes."""
    engine = EmbeddedEngine(folder)
    begun = time.perf_counter()
    engine.replace("members", documents(count))
    built = time.perf_counter()
    one, other = [document for document in documents(100) if document.body][:2]
    engine.put("members", [one])
    engine.remove("members", [other.id])
    written = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(built - begun, written - built, peak)


def _embedded(folder: Path, stack: ExitStack) -> Callable[[Question], list[str]]:
    engine = EmbeddedEngine(folder)
    stack.callback(engine.close)
    return lambda question: [hit.id for hit in engine.ask("members", question).hits]


def _peers_at(url: str, count: int, say: Callable[[str], None]) -> Peers:
    plain = Meilisearch(url)
    begun = time.perf_counter()
    plain.fill(documents(count))
    say(f"meilisearch: built in {time.perf_counter() - begun:.0f} s")
    peers: Peers = {"meilisearch": plain.ask}
    try:
        from search.meilisearch import MeilisearchEngine
    except ImportError:
        return peers
    ours = MeilisearchEngine(url, "unneeded", timeout=600.0)
    begun = time.perf_counter()
    ours.replace("members", documents(count))
    say(f"ours on meilisearch: built in {time.perf_counter() - begun:.0f} s")
    peers["ours on it"] = lambda question: [h.id for h in ours.ask("members", question).hits]
    return peers


def measure(peers: Peers, count: int, say: Callable[[str], None]) -> None:
    """Ask everyone everything, `ROUNDS` times after a first one that warms."""
    everything = list(documents(count))
    people = [document for document in everything if document.kind == "practitioners"]
    named = [document for document in everything if document.kind != "materials"]
    names = {
        document.id: [fold_words(name) for name in (*document.titles.values(), *document.names)]
        for document in everything
    }
    asked = questions(people, named)
    del everything, people, named
    times: Times = {peer: defaultdict(list) for peer in peers}
    right: dict[str, list[bool]] = {peer: [] for peer in peers}
    for round_number in range(ROUNDS + 1):
        for one in asked:
            for peer, ask in peers.items():
                begun = time.perf_counter()
                ids = ask(one.question)
                took = (time.perf_counter() - begun) * 1000
                if round_number:
                    times[peer][one.sort].append(took)
                elif one.right:
                    right[peer].append(bool(ids) and is_right(one, names[ids[0]]))
    _print(times, asked, right, say)


def _print(
    times: Times, asked: list[Asked], right: dict[str, list[bool]], say: Callable[[str], None]
) -> None:
    sorts = list(dict.fromkeys(one.sort for one in asked))
    say(f"\n{'milliseconds':<26}" + "".join(f"{peer:^27}" for peer in times) + "  p95 ratio")
    say(" " * 26 + f"{'p50':>9}{'p95':>9}{'p99':>9}" * len(times))
    for sort in [*sorts, "all"]:
        of_sort = {
            peer: [took for each in sorts if sort in (each, "all") for took in took_by[each]]
            for peer, took_by in times.items()
        }
        cells = "".join(
            f"{share(took, p):>9.2f}" for took in of_sort.values() for p in (0.5, 0.95, 0.99)
        )
        say(f"{sort:<26}{cells}  {_ratio(of_sort)}")
    for peer, answers in right.items():
        say(f"{peer}: {sum(answers) / len(answers):.3f} of {len(answers)} first answers right")


def _ratio(took: dict[str, list[float]]) -> str:
    if "meilisearch" not in took:
        return ""
    ratio = share(took["embedded"], 0.95) / share(took["meilisearch"], 0.95)
    return f"{ratio:.2f}" + ("" if ratio <= MOST_RATIO else f"  more than {MOST_RATIO:g}")


def share(took: list[float], part: float) -> float:
    """The time that so large a part of all stays within."""
    return sorted(took)[math.ceil(len(took) * part) - 1]


if __name__ == "__main__":
    if sys.argv[1:2] == ["build"]:
        build(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*(int(each) for each in sys.argv[1:2]))
