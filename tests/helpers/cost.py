"""What each test costs: the seconds of CPU of its process and of all that it started, and the ten dearest at the end of every run."""

import os
from collections import defaultdict
from pathlib import Path

import pytest

from tests.helpers import warm

DEAREST = 10
_spent: dict[str, float] = defaultdict(float)  # by test, in the process that reports
_before = 0.0


def used() -> float:
    """Return the seconds of CPU that this process and its children that ended have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system + warm.seconds


def pytest_runtest_logstart() -> None:
    """Begin to count."""
    global _before
    _before = used()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Tell with each report of a test (of set-up, call and teardown) what came since the one before."""
    global _before
    report = yield
    now = used()
    report.cpu, _before = now - _before, now
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up, wherever the test ran."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the process that gave the test out adds it up
    _spent[report.nodeid] += report.cpu
    if file := os.environ.get("TEST_COSTS"):  # a line for each report, for whoever looks for more
        with Path(file).open("a", encoding="utf-8") as costs:
            costs.write(f"{report.cpu:.2f}\t{report.nodeid}\t{report.outcome}\n")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the dearest tests, and what all cost together."""
    if not _spent:
        return
    terminalreporter.section(f"dearest {DEAREST} tests, in seconds of CPU")
    for name in sorted(_spent, key=lambda name: -_spent[name])[:DEAREST]:
        terminalreporter.write_line(f"{_spent[name]:7.1f}  {name}")
    terminalreporter.write_line(f"{sum(_spent.values()):7.1f}  all {len(_spent)} tests")
