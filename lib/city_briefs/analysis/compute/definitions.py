"""Definitions that were found right: nobody looks at their expressions again while they and the code are the same.

It is noted with the results, and spares Ibis whoever asks only for what is kept.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from city_briefs.common import kept_answers, source_hash
from city_briefs.common.errors import DefinitionError
from city_briefs.common.read_log import digest
from city_briefs.model.metric import Metric

QUESTION = "definitions"
MOST = 1000  # that are noted; of more, as of an office that changes them for years, the last alone


def check(metrics: Sequence[Metric], folder: Path | None) -> None:
    """Check that metrics can be computed as they are defined; `folder` is that of the results, where one is.

    Raises:
        DefinitionError: one cannot.
    """
    if folder and were_right(metrics, folder):
        return
    from city_briefs.model import expression_rules  # with Ibis

    for metric in metrics:
        expression_rules.check(metric)
    if folder:
        with suppress(DefinitionError):  # of one that cannot be hashed, which is told when it is counted
            note_right(metrics, folder)


def were_right(metrics: Sequence[Metric], folder: Path) -> bool:
    """Return whether these definitions were noted as right."""
    try:
        return set(map(_definition, metrics)) <= _noted(folder)
    except DefinitionError:  # one that cannot be hashed
        return False


def note_right(metrics: Sequence[Metric], folder: Path) -> None:
    """Note that these definitions are right, besides those that were noted before.

    Raises:
        DefinitionError: one cannot be hashed.
    """
    right, before = set(map(_definition, metrics)), _noted(folder)
    kept_answers.keep(folder, QUESTION, _rests_on(), sorted(right | before if len(before) < MOST else right))


def _noted(folder: Path) -> set[str]:
    """Return the definitions that were noted."""
    return set(kept_answers.find(folder, QUESTION, _rests_on()) or ())


def _definition(metric: Metric) -> str:
    """Return a definition with its dimensions as a hash."""
    return digest([metric.hash, *metric.by])


def _rests_on() -> list[str]:
    """Return what the answer rests on beside the definitions: the code that looks at them, and the lock file."""
    return [source_hash.digest("city_briefs.model.expression_rules"), source_hash.lock()]
