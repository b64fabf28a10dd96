"""The parts of every block: the figures it states, the cards of their metrics, its sources and caveats; how it is shown; and sentences.

A block (`city_briefs.common.blocks`) is shown as HTML to the analyst and travels as JSON (type theme.MIME) to the exporters.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from IPython import display
from IPython.core.getipython import get_ipython

from city_briefs.analysis.assessments.claims import Claim
from city_briefs.analysis.blocks.corrections import corrections
from city_briefs.analysis.blocks.data_doubts import doubts, unreported
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import certainty, provisional, revisions
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.comparability import NOT_ESTIMATED
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.parts import BY_REGION
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.sentences import statement, unknown
from city_briefs.analysis.figures.values import pending_text
from city_briefs.analysis.figures.views import compared
from city_briefs.common import block_schema, read_log, shown_blocks, theme
from city_briefs.common.blocks import Alignment, Block, FigureRecord, MetricCard, Numbers, PageOneBlock, ProseBlock
from city_briefs.common.characters import adjoined
from city_briefs.common.terminal import say
from city_briefs.model.labels import COLUMNS, VIEW_NAMES, chinese
from city_briefs.model.metric import IN_PERIOD, SINCE_JANUARY, Metric

LEFT: list[Alignment] = ["left"]  # the side of a column of words
RIGHT: list[Alignment] = ["right"]  # and of numbers


def card(metric: Metric, figures: Sequence[Figure], results: Results) -> MetricCard:
    """Return the card of a metric for the appendix: its definition, its sources in this snapshot, the corrections of its figures."""
    snapshot = results.snapshot
    of_metric = [figure for figure in figures if figure.metric == metric]
    made: MetricCard = {
        "id": metric.id,
        "label": metric.label,
        "unit": metric.unit,
        "definition": _definition(metric, of_metric),
        "owner": metric.owner,
        "hash": metric.hash,
        "provenance": results.provenance(metric),
        "tables": [table.name for table in results.sources(metric)],
        "sources": [snapshot.source(table) for table in results.sources(metric)],
        "caveats": [caveat.text for caveat in snapshot.caveats if caveat.concerns(metric.id)],
        "doubts": [*doubts(metric, results), *unreported(of_metric, results)],
        "corrections": corrections(of_metric, results),
    }
    last = max(
        (figure.period for figure in of_metric), default=None
    )  # what a trend says of earlier years is no comparison of now
    if any(figure.period == last and _is_unestimated(figure, results) for figure in of_metric):
        made["comparisons"] = [NOT_ESTIMATED]
    return made


def _is_unestimated(figure: Figure, results: Results) -> bool:
    """Return whether a figure states a change over a year that was tested without an estimate of the dispersion."""
    if figure.view != compared(figure.metric) or figure.value is None or figure.verdict == "untested":
        return False
    return certainty.is_without_dispersion(
        Question(Scope.of(results, figure.region, figure.period), figure.metric, part=figure.part)
    )


def _definition(metric: Metric, figures: Sequence[Figure]) -> str:
    """Return the definition of a metric as the appendix prints it: of the period where one that is printed begins after January."""
    is_to_date = all(figure.period.is_to_date for figure in figures)
    return metric.definition if is_to_date else metric.definition.replace(SINCE_JANUARY, IN_PERIOD)


def numbers(figures: Iterable[Figure], results: Results, metrics: Sequence[Metric] = ()) -> Numbers:
    """Return what a block carries of the numbers in it; `metrics` are those it names besides those of its figures."""
    snapshot = results.snapshot
    given = list(figures)
    named = dict.fromkeys([*metrics, *(figure.metric for figure in given)])
    cards = [card(metric, given, results) for metric in named]
    read_log.note(("notice",), lambda: snapshot.notice_and_caveats)
    return {
        "figures": [_record(figure) for figure in given],
        "views": {figure.view: VIEW_NAMES[figure.view] for figure in given},
        "names": _names(given, results),
        "metrics": cards,
        "snapshot": snapshot.stamp,
    }


def _names(figures: Sequence[Figure], results: Results) -> dict[str, str]:
    """Return what the codes of regions, and of parts with their columns, are called in Chinese."""
    made = {figure.region.code: figure.region.name for figure in figures}
    for by, word in dict.fromkeys(figure.part for figure in figures if figure.part[0]):
        region = results.regions.by_code.get(word) if by == BY_REGION else None
        made |= {by: COLUMNS.get(by, by), f"{by}:{word}": region.name if region else chinese(by, word)}
    return made


def _record(figure: Figure) -> FigureRecord:
    """Return a figure as a block carries it: what it states and what was asked."""
    return {**figure.record(), **figure.asked}


def publish_prose(paragraphs: list[str], figures: Iterable[Figure], results: Results, metrics: Sequence[Metric] = ()) -> None:
    """Show a block of sentences, a text for each paragraph."""
    publish({"kind": "prose", "paragraphs": paragraphs, **numbers(figures, results, metrics)})


def prose(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show a paragraph of one sentence on the metrics."""
    sentence, figures = statement(scope, metrics)
    block: ProseBlock = {"kind": "prose", "paragraphs": [sentence], **numbers(figures, scope.results)}
    for figure in figures:
        if figure.view == "value" and provisional.is_preliminary(figure.pending) and figure.region == scope.region:
            [made] = [made for made in block["metrics"] if made["id"] == figure.metric.id]
            if revised := revisions.in_words(scope, figure.metric):
                made["revisions"] = revised
    publish(block)


def claim(results: Results, made: Claim) -> None:
    """Show a claim that was earned, with its grounds under it; one that was refused shows no text, and the appendix gives the reason."""
    when = made.period.end_text if made.metric.at_month_end else made.period.text
    paragraphs = [f"{when}，{adjoined(made.subject or made.region.whole, made.text)}。"] if made.text else []
    block: ProseBlock = {
        "kind": "prose", "paragraphs": paragraphs, "notes": [made.note] if paragraphs and made.note else [], "sources": [],
        "claims": [{"name": made.name, "metric": made.metric.id, "said": made.text, "refused": made.refused}],
        **numbers([figure for figure in made.figures if figure.value is not None], results, [made.metric]),
    }  # fmt: skip
    publish(block)


def missing(figure: Figure, results: Results) -> None:
    """Show the sentence that stands in place of a chart or table that cannot be made."""
    publish_prose([f"{unknown(results, figure)}。"], [figure], results)


def publish(block: Block) -> None:
    """Show a block.

    Raises:
        PackError: the block does not fit the schema.
    """
    publish_display_data(bundle(block))
    shown_blocks.note(block)


def publish_display_data(made: dict[str, Any]) -> None:
    """Show a bundle in the notebook; its words where there is none, as at the prompt of Python.

    There IPython would begin a shell of its own, by which that prompt loses its names.
    """
    if get_ipython() is None:
        say(made["text/plain"])
    else:
        display.publish_display_data(made)


def bundle(block: Block) -> dict[str, Any]:
    """Return a block by MIME type: JSON for the exporters, HTML for the analyst, plain words for everything else.

    Raises:
        PackError: the block does not fit the schema.
    """
    html = f"<style>{theme.css()}</style>\n{theme.html(block_schema.write(block))}"
    return {theme.MIME: block, "text/html": html, "text/plain": _words(block)}


def sources(metrics: list[Metric], results: Results) -> list[str]:
    """Return the sources of the metrics for a source line, each once, without the particulars in brackets, which the appendix prints."""
    full = [results.snapshot.source(table) for metric in metrics for table in results.sources(metric)]
    return list(dict.fromkeys(source.split("（")[0] for source in full))


def caveats(figures: Sequence[Figure], results: Results) -> list[str]:
    """Return the caveats under a chart or table of these figures: those that name their metric or view, and what is still pending."""
    given = [figure for figure in figures if figure.value is not None]
    particular = [caveat for caveat in results.snapshot.caveats if caveat.metrics or caveat.views]
    return [
        caveat.text.rstrip("。")
        for caveat in particular
        if any(caveat.concerns(figure.metric.id, figure.view) for figure in given)
    ] + list(_pending(given))


def _pending(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield a note for each metric of which outcomes are pending: its share, or the least and the greatest among regions."""
    shares: dict[str, list[Decimal]] = {}
    for figure in figures:
        if figure.view == "value" and figure.pending is not None and pending_text(figure.pending):
            shares.setdefault(figure.metric.label, []).append(figure.pending)
    for label, of_metric in shares.items():
        least, most = pending_text(min(of_metric)), pending_text(max(of_metric))
        yield f"{label}{most}" if least == most else f"{label}最少的地区{least}，最多的{most}"


def changes_by_chance(figures: Sequence[Figure], name: Callable[[Figure], str] = lambda figure: figure.region.name) -> list[str]:
    """Return a note that names the regions whose change is not told apart from chance, or whatever else `name` calls; empty for none."""
    names = [name(figure) for figure in figures if figure.verdict == "same" and figure.value]
    return [f"{'、'.join(names)}的同比增减{NOT_APART}"] if names else []


def _words(block: Block) -> str:
    """Return a block as text without mark-up."""
    if block["kind"] == "prose":
        return "\n".join(block["paragraphs"])
    if block["kind"] == "remark":
        return "\n".join([block["title"], *block["paragraphs"], f"{block['author']}　{block['date']}"])
    if block["kind"] == "points":
        return "\n".join("\n".join([column["title"], *column["items"]]) for column in block["columns"])
    if block["kind"] == "cards":
        return "\n".join(
            f"{card['label']} {card['value']}{card['unit']} {card['change']} {card['place']} {card.get('light', '')}".rstrip()
            for card in block["cards"]
        )
    if block["kind"] == "exception":
        return "\n".join(
            [f"{block['what']} {block['mark_word']}", *(f"{line['word']} {line['text']}" for line in block["lines"])]
        )
    if block["kind"] == "page-one":
        return "\n".join(_lines_of_page_one(block))
    if block["kind"] == "chart":
        return f"{block['caption']}\n{block['alt']}".rstrip()
    return block["caption"].rstrip()


def _lines_of_page_one(block: PageOneBlock) -> Iterator[str]:
    """Yield the lines of page one: the sentences, the metrics, and what has to be attended to."""
    yield block["conclusion"]
    yield from (f"{lead['word']} {lead['text']}" for lead in block["leads"])
    for row in block["rows"]:
        cells = (row["label"], f"{row['value']}{row['unit']}", row["change"], row["place"], row["mark_word"], row["mark_text"])
        yield " ".join(filter(None, cells))
    yield from (f"{concern['what']}：{concern['evidence']}" for concern in block["concerns"])
