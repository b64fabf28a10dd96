"""An analyst's remark: a box with its author and date."""

from city_briefs.analysis.blocks import analyst_notes
from city_briefs.analysis.blocks.publish import numbers, publish
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.blocks import RemarkBlock
from city_briefs.common.periods import day_text


def remark(scope: Scope, chapter: str) -> None:
    """Show the remark on a chapter, with the notes of the figures that it cites; no block when there is none.

    Raises:
        DataError: the file breaks a rule, or it names a figure that is refused.
    """
    written = analyst_notes.remark(scope, chapter)
    if written is None:
        return
    block: RemarkBlock = {
        "kind": "remark", "title": written.title, "paragraphs": list(written.paragraphs), "author": written.author,
        "date": day_text(written.date), "sources": [],
        "notes": list(dict.fromkeys(figure.note for figure in written.figures if figure.note)),
        **numbers(written.figures, scope.results),
    }  # fmt: skip
    publish(block)
