"""How long an import of 100,000 rows takes, how much memory it needs, how long a revert takes.

    bench/import.py [--rows 100000] [--json FILE]

One CSV of leads as a Japanese company keeps them: company, contact, e-mail, phone, channel, three
stage dates and an amount in each row, so that each row makes a company (or finds one), a contact
and a journey with its stays and its journal. Runs the same code as `tasuki import`, each step in a
process of its own, on a PostgreSQL of its own with its normal, durable settings.

Promises: imported in under 60 s, peak memory of the process under 500 MB, reverted in under 30 s.
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

PROMISES = {"import_seconds": 60.0, "peak_memory_mb": 500.0, "revert_seconds": 30.0}
MAPPING = """\
source: bench
currency: JPY
gates: as_recorded
files:
  leads: leads.csv
records:
  - entity: account
    from: leads
    key: 会社ID
    fields: {name: 会社名, industry: 業種, employees: 従業員数, domain: ドメイン}
  - entity: person
    from: leads
    key: リードID
    fields: {account: 会社ID, full_name: 氏名, email: メール, phone: 電話}
  - entity: journey
    from: leads
    key: リードID
    fields: {account: 会社ID, person: リードID, channel: チャネル, amount: 金額}
    stages: {LEAD: 登録日, MQL: MQL日, SAL: 受諾日}
"""
HEADERS = (
    *("リードID", "会社ID", "会社名", "業種", "従業員数", "ドメイン", "氏名", "メール", "電話"),
    *("チャネル", "登録日", "MQL日", "受諾日", "金額"),
)
CHANNELS = ("seo", "webinar", "social", "event", "referral", "white_paper")
INDUSTRIES = ("製造", "IT・通信", "小売", "物流", "医療・介護")
FAMILY = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤")
GIVEN = ("太郎", "花子", "健一", "美咲", "翔太", "陽子", "大輔", "恵", "拓也", "彩")


def main() -> int:
    """Run the benchmark, or one step of it in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step", choices=("import", "revert"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        return step(arguments.step, arguments.folder)
    return measure(arguments.rows, arguments.json)


def measure(rows: int, report: Path | None) -> int:
    """Make the file, import it, import it again, revert it; print what each took."""
    with tempfile.TemporaryDirectory(prefix="tasuki-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_leads(folder / "leads.csv", rows)
        (folder / "mapping.yaml").write_text(MAPPING, "utf-8")
        environment = {
            **os.environ,
            "TASUKI_HOME": str(folder / "home"),
            "TASUKI_SECRET_KEY": "bench",
            "TASUKI_LOG_LEVEL": "WARNING",
        }
        environment.pop("DATABASE_URL", None)
        init = [sys.executable, "-m", "tasuki.cli", "init", "--no-admin"]
        subprocess.run(init, check=True, env=environment, stdout=subprocess.DEVNULL)
        first = child("import", folder, environment)
        again = child("import", folder, environment)
        back = child("revert", folder, environment)
        stop = [sys.executable, "-m", "tasuki.cli", "stop"]
        subprocess.run(stop, check=False, env=environment, stdout=subprocess.DEVNULL)
    figures = {
        "rows": rows,
        "import_seconds": first["seconds"],
        "import_cpu_seconds": first["cpu"],
        "import_again_seconds": again["seconds"],
        "revert_seconds": back["seconds"],
        "peak_memory_mb": max(first["peak_mb"], again["peak_mb"], back["peak_mb"]),
    }
    return show(figures, report)


def child(name: str, folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """Run one step in a process of its own and return what it measured."""
    command = [sys.executable, __file__, "--step", name, "--folder", str(folder)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def step(name: str, folder: Path) -> int:
    """Import the leads, or revert the first import, and print time and peak memory as JSON."""
    from tasuki.cli.main import main as tasuki

    command = (
        ["import", "--mapping", str(folder / "mapping.yaml"), str(folder), "--json"]
        if name == "import"
        else ["import", "--revert", "1"]
    )
    started = time.perf_counter()
    code = tasuki(command)
    seconds = time.perf_counter() - started
    cpu = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        "\n"
        + json.dumps(
            {"seconds": round(seconds, 2), "cpu": round(cpu, 2), "peak_mb": round(peak, 1)}
        )
    )
    return code


def write_leads(path: Path, rows: int) -> None:
    """Write the same leads every time; a company has three of them on average."""
    chance = random.Random(20261122)
    companies = max(rows // 3, 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADERS)
        for number in range(1, rows + 1):
            company = chance.randrange(companies)
            created = date(2024, 1, 1) + timedelta(days=chance.randrange(600))
            qualified = created + timedelta(days=chance.randrange(1, 30))
            accepted = qualified + timedelta(days=chance.randrange(1, 15))
            depth = chance.random()
            writer.writerow(
                [
                    f"L{number:07}",
                    f"C{company:06}",
                    f"株式会社ベンチ{company:06}",
                    INDUSTRIES[company % 5],
                    company % 900 + 10,
                    f"bench{company:06}.example.co.jp",
                    f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}",
                    f"lead{number}@bench{company:06}.example.co.jp",
                    f"03-{number % 9000 + 1000}-{number % 10000:04}",
                    chance.choice(CHANNELS),
                    created.isoformat(),
                    qualified.isoformat() if depth < 0.6 else "",
                    accepted.isoformat() if depth < 0.3 else "",
                    chance.randrange(10, 500) * 10_000 if depth < 0.3 else "",
                ]
            )


def show(figures: dict[str, float], report: Path | None) -> int:
    """Print a table, write JSON when asked, return 1 when a promise is broken."""
    kept = True
    print(f"{'':24}{'measured':>12}{'promise':>12}")
    for name, value in figures.items():
        promise = PROMISES.get(name)
        broken = promise is not None and figures["rows"] >= 100_000 and value > promise
        kept &= not broken
        mark = "  BROKEN" if broken else ""
        print(f"{name:24}{value:>12,}{promise or '':>12}{mark}")
    if report is not None:
        report.write_text(json.dumps(figures, indent=2), "utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
