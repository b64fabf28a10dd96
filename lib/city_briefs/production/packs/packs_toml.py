"""What a pack is: the chapters that make it, whom it is for, and the parameters that its chapters take."""

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from city_briefs.common import characters, files, paths, toml_file
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR, YTD, Span
from city_briefs.production.packs import chapter_notebook, old_imports, trust
from city_briefs.production.packs.masthead import Masthead
from city_briefs.production.packs.sources import Sources

DATED = ("year", "through", "span")  # the parameters that name a period
MANUAL = "metric-manual"  # the pack of all definitions
UsualSpan = Annotated[Span, Field(exclude_if=lambda span: span == YTD)]  # not written where it is January to a month


class Parameters(BaseModel):
    """What every chapter is run with. Closed and typed: unknown, missing and wrong ones are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    through: Annotated[int, Field(ge=1, le=12)] = 12
    span: UsualSpan = YTD


class CityParameters(Parameters):
    """What a chapter of a city is run with."""

    city: Annotated[str, Field(min_length=1)]


class ProvinceParameters(Parameters):
    """What a chapter of a province is run with."""

    province: Annotated[str, Field(min_length=1)]


class CountyParameters(Parameters):
    """What a chapter of a county is run with."""

    county: Annotated[str, Field(min_length=1)]


Line = Annotated[str, AfterValidator(characters.checked)]  # of a text that is printed
ID = "^[a-z][a-z0-9-]*$"  # of a pack, by which folders and files are named
Chapters = tuple[Annotated[str, Field(pattern=r"^[\w-]+$")], ...]  # files are named by them
SPAN_DECLARED = re.compile(r"^span\b", re.MULTILINE)
INTERNAL = "internal"  # the audience of chapters that may show small numbers of persons
PROVINCE = "province"
PARAMETERS: dict[str, type[Parameters]] = {"city": CityParameters, "province": ProvinceParameters, "county": CountyParameters}


class ProvinceToo(BaseModel):
    """What a pack that is made per city or county is made of for the province, and for whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    chapters: Annotated[Chapters, Field(min_length=1)]
    addressee: Line


class Pack(BaseModel):
    """One document, for each province, city or county; `body` is the size of its text in pt, `cover` whether it is kept as a book.

    One that is `internal` stays in the office, and its chapters may show small numbers of persons. A `classification`, such as 内部资料,
    stands at the head of every page. `span` is that of its periods: January to a month, a month, a quarter or a half-year. One that is made
    per city or county may be made for the `province` too, of other chapters. A `masthead` stands in the place of the title.
    With `only_of_something` it has no documents where a chapter says that there is nothing to list, as no light that is on.
    Those of its chapters that `analysis` names are an analyst's own: any code may stand in them, and they are labelled so.
    The `appendix` of definitions is its own, or the manual of metrics: then each chapter stands on a page, and data notes at the end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=ID)]
    title: Line
    per: Literal["province", "city", "county"]
    addressee: Line
    chapters: Annotated[Chapters, Field(min_length=1)]
    body: Annotated[int, Field(ge=10, le=16)] = 12
    cover: bool = False
    internal: bool = False
    classification: Line = ""
    span: UsualSpan = YTD
    province: Annotated[ProvinceToo | None, Field(exclude_if=lambda province: province is None)] = None
    masthead: Annotated[Masthead | None, Field(exclude_if=lambda masthead: masthead is None)] = None
    appendix: Annotated[Literal["own", "manual"], Field(exclude_if=lambda appendix: appendix == "own")] = "own"
    analysis: Annotated[Chapters, Field(exclude_if=lambda chapters: not chapters)] = ()
    only_of_something: Annotated[bool, Field(exclude_if=lambda only: not only)] = False

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of the regions that it is made for."""
        return tuple(dict.fromkeys([self.per, *([PROVINCE] if self.province else [])]))

    @property
    def all_chapters(self) -> tuple[str, ...]:
        """The chapters of all levels, each once."""
        return tuple(dict.fromkeys([*self.chapters, *(self.province.chapters if self.province else ())]))

    def chapters_of(self, level: str) -> tuple[str, ...]:
        """The chapters of which it is made for a region of this level."""
        return self.chapters if level == self.per else self.province.chapters if self.province and level == PROVINCE else ()

    def addressee_of(self, level: str) -> str:
        """For whom it is made of a region of this level."""
        return self.province.addressee if self.province and level == PROVINCE else self.addressee


class Packs(BaseModel):
    """The file `packs.toml`; `page_one` are the ids of the metrics of page one, which analysis knows."""

    model_config = ConfigDict(extra="forbid")

    page_one: list[str] = []
    pack: Annotated[list[Pack], Field(min_length=1)]


def packs(notebooks: Path | None = None) -> dict[str, Pack]:
    """The packs of `packs.toml` by id. A faulty file, or a chapter without a notebook, is a UsageError."""
    notebooks = notebooks or paths.notebooks()
    listed = toml_file.read(notebooks / trust.PACKS, Packs, UsageError, trust.listed).pack
    there = sorted(notebook.stem for notebook in notebooks.glob("*.ipynb") if notebook.is_file())
    by_id: dict[str, Pack] = {}
    for pack in listed:
        if pack.id in by_id:
            raise UsageError(
                chosen(
                    f"packs.toml: the pack {pack.id} stands twice. An id names one pack.",
                    f"packs.toml：简报{pack.id}写了两次。一个id只能对应一种简报。",
                )
            )
        by_id[pack.id] = pack
        if pack.per == PROVINCE and pack.province:
            raise UsageError(
                chosen(
                    f"packs.toml: {pack.id} is made per province, and has a part for the province too. Take out province = {{…}}.",
                    f"packs.toml：{pack.id}本来就按省编制，不能再写全省部分。请删去province = {{…}}。",
                )
            )
        for chapter in pack.all_chapters:
            if chapter not in there:
                raise UsageError(
                    chosen(
                        f"packs.toml: {pack.id} has a chapter '{chapter}' without a notebook.{suggestion(chapter, there)}",
                        f"packs.toml：{pack.id}的“{chapter}”这一章没有笔记本。{suggestion_zh(chapter, there)}",
                    )
                )
    _check_analysis(listed)
    for pack in listed:
        if pack.appendix == "manual" and MANUAL not in by_id:
            raise UsageError(
                chosen(
                    f'packs.toml: {pack.id} has appendix = "manual", and there is no pack {MANUAL}. Add that pack, or take the line out.',
                    f'packs.toml：{pack.id}写了appendix = "manual"，但没有{MANUAL}这种简报。请加上，或删去这一行。',
                )
            )
    return by_id


def _check_analysis(listed: Iterable[Pack]) -> None:
    """See that analysis chapters are chapters of their pack, and in all packs that hold them.

    Raises:
        UsageError: one is not.
    """
    given = list(listed)
    for pack in given:
        for chapter in pack.analysis:
            if chapter not in pack.all_chapters:
                raise UsageError(
                    chosen(
                        f"packs.toml: {pack.id} has '{chapter}' in analysis and not among its chapters."
                        f"{suggestion(chapter, pack.all_chapters) or ' Add it there too.'}",
                        f"packs.toml：{pack.id}的analysis里有“{chapter}”，chapters里没有。"
                        f"{suggestion_zh(chapter, pack.all_chapters) or '请也加进chapters。'}",
                    )
                )
            if other := next((each for each in given if chapter in each.all_chapters and chapter not in each.analysis), None):
                raise UsageError(
                    chosen(
                        f"packs.toml: '{chapter}' is an analysis chapter in {pack.id} and not in {other.id}. Add it to analysis there too.",
                        f"packs.toml：“{chapter}”在{pack.id}里是专题分析，在{other.id}里不是。请也加进后者的analysis。",
                    )
                )


def find(by_id: dict[str, Pack], word: str) -> Pack:
    """The pack of this id; none is a UsageError that names the nearest."""
    if word in by_id:
        return by_id[word]
    listed = f"可选{'、'.join(by_id)}。"
    raise UsageError(
        chosen(
            f"There is no pack '{word}'.{suggestion(word, by_id, 'packs')}",
            f"没有“{word}”这种简报。{suggestion_zh(word, by_id) or listed}",
        )
    )


def parameters(pack: Pack, **given: Any) -> Parameters:
    """The parameters of a pack's chapters; an unknown, missing or wrong one is a UsageError."""
    model = PARAMETERS[next((level for level in pack.levels if level in given), pack.per)]
    for name in given:
        if name not in model.model_fields:
            raise UsageError(
                chosen(
                    f"{pack.id} takes {_listed(model.model_fields)}, not '{name}'.{suggestion(name, model.model_fields)}",
                    f"{pack.id}的参数是{_listed_zh(model.model_fields)}，没有“{name}”。{suggestion_zh(name, model.model_fields)}",
                )
            )
    try:
        return model(**given)
    except ValidationError as error:
        mistake = toml_file.first_mistake(error, model)
        raise UsageError(chosen(f"{pack.id}: {mistake}", f"{pack.id}：{mistake}")) from None


def check_chapters(pack: Pack, sources: Sources | None = None) -> None:
    """See that every chapter of a pack, as it was read, may run and takes just its parameters, before any kernel is started."""
    sources = Sources() if sources is None else sources
    notebooks = [paths.notebooks() / f"{chapter}.ipynb" for chapter in pack.all_chapters]
    trust.check(sources.of(*notebooks))
    for notebook in notebooks:
        check_chapter(pack, notebook, sources.content(notebook))


def check_chapter(pack: Pack, notebook: Path, written: bytes | None = None) -> None:
    """See that a notebook, of this content if it was read, declares just the parameters that its pack gives it, and is for its readers.

    Raises:
        UsageError: it does not, or it is no notebook.
    """
    written = files.read_bytes(notebook) if written is None else written
    if old_imports.imports_lib(notebook, written):
        raise UsageError(old_imports.remedy(notebook))
    levels = [level for level in pack.levels if notebook.stem in pack.chapters_of(level)] or [pack.per]
    taken = PARAMETERS[levels[0]].model_fields
    wanted = [name for name in taken if name != "span" or pack.span != YTD]
    declared = chapter_notebook.declared(notebook, written)
    if half := characters.half(written.decode("utf-8")):
        raise UsageError(
            chosen(
                f"{notebook.name} has {half}, half of a character, which nothing can print. Take it out.",
                f"{notebook.name}里有半个字符{half}，无法印出。请删去。",
            )
        )
    for name in declared:
        if name not in taken:
            raise UsageError(
                chosen(
                    f"{notebook.name} takes {_listed(taken)}, not '{name}'.{suggestion(name, taken)}",
                    f"{notebook.name}的参数是{_listed_zh(taken)}，没有“{name}”。{suggestion_zh(name, taken)}",
                )
            )
    for name in wanted:
        if name not in declared:
            raise UsageError(
                chosen(
                    f"{notebook.name} has no parameter {name}. A chapter of {pack.id} declares {_listed(wanted)}, "
                    "one to a line, in a cell tagged parameters.",
                    f"{notebook.name}没有参数{name}。{pack.id}的章要在带parameters标签的单元格里声明{_listed_zh(wanted)}，每行一个。",
                )
            )
    if not pack.internal and _is_internal(written):
        raise UsageError(
            chosen(
                f'{notebook.name} is written for an audience="internal", and {pack.id} is not internal. '
                "Take that out of the chapter, or set internal = true of the pack in packs.toml.",
                f'{notebook.name}里写了audience="internal"，而{pack.id}不是内部简报。'
                "请在章里删去，或在packs.toml里为这种简报写internal = true。",
            )
        )


def declares_span(written: bytes) -> bool:
    """Whether a chapter has the parameter span, so that it can be run over a month, a quarter or a half-year."""
    cells = json.loads(written)["cells"]
    tagged = (cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ()))
    return any(SPAN_DECLARED.search("".join(cell["source"])) for cell in tagged)


def _is_internal(written: bytes) -> bool:
    """Whether a chapter shows what only an internal pack may (`city_briefs.analysis.figures.disclosure_control`)."""
    cells = json.loads(written)["cells"]
    return any(_names_internal("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")


def _names_internal(code: str) -> bool:
    """Whether code has the word for the internal audience, however it is written; of what is no plain Python by its letters."""
    try:
        return any(isinstance(node, ast.Constant) and node.value == INTERNAL for node in ast.walk(ast.parse(code)))
    except SyntaxError:
        return INTERNAL in code


def _in_order(names: Iterable[str]) -> list[str]:
    return [name for name in ("county", "city", "province", *DATED) if name in names]


def _listed_zh(names: Iterable[str]) -> str:
    return "、".join(_in_order(names))


def _listed(names: Iterable[str]) -> str:
    first = _in_order(names)
    return " and ".join([", ".join(first[:-1]), first[-1]])
