"""The functions of metrics: what they return, and a sentence on what goes wrong in one, or in a module of them."""

import re
from pathlib import Path
from traceback import extract_tb, walk_tb
from typing import TYPE_CHECKING, Any

from city_briefs.common.errors import DefinitionError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.definition_rules import Fault, no_column, refused

if TYPE_CHECKING:
    from city_briefs.model.metric import Metric

NO_COLUMN = re.compile(r"'Table' object has no attribute '(\w+)'|[Cc]olumn '?(\w+)'? is not found|Column '(\w+)'")
LONGEST = 100  # characters of an error of ibis that a sentence repeats


def evaluated(metric: "Metric", *arguments: Any) -> Any:
    """Return what the function of a metric returns.

    Raises:
        DefinitionError: it cannot be computed.
    """
    assert metric.function
    try:
        return metric.function(*arguments)
    except DefinitionError:
        raise
    except Exception as error:
        raise refused(metric.function, *error_of(metric.rows, error, arguments)) from error


def error_of(rows: Any, error: Exception, tables: tuple[Any, ...]) -> Fault:
    """Return the sentence on an error in the function of a metric or of rows."""
    if tables and (match := NO_COLUMN.search(str(error))):
        return no_column(rows, next(filter(None, match.groups())), [name for table in tables for name in table.columns])
    if isinstance(error, NameError) and error.name:
        return f"there is no '{error.name}'. Define or import it above.", f"没有“{error.name}”。请先在上面定义或导入。"
    words = str(error).strip().split("\n")[0].rstrip(".")
    words = words if len(words) <= LONGEST else type(error).__name__
    return (
        f"it cannot be computed: {words}. Write it as the metrics beside it.",
        f"不能计算：{words}。请参照同一文件里其他指标的写法。",
    )


def unreadable(error: Exception) -> DefinitionError:
    """Return the error on a module of metrics that Python cannot read: where, what, and what was meant."""
    frames = extract_tb(error.__traceback__)
    at = frames[-1]
    file, line = (error.filename or at.filename, error.lineno) if isinstance(error, SyntaxError) else (at.filename, at.lineno)
    hint = hint_zh = ""
    if isinstance(error, NameError) and error.name:
        names = [
            name
            for frame, _ in walk_tb(error.__traceback__)
            for name in frame.f_globals
            if frame.f_code.co_filename == at.filename
        ]
        hint, hint_zh = suggestion(error.name, names), suggestion_zh(error.name, names)
    words = (error.msg if isinstance(error, SyntaxError) else str(error)).rstrip(".")
    where = f"{Path(file).name}, line {line}"
    return DefinitionError(
        chosen(f"{where}: {words}.{hint or ' Mend this line.'}", f"{where}：{words}。{hint_zh or '请改正这一行。'}")
    )
