"""What all exporters are: exporters of nbconvert with the project's own templates, whatever the working directory."""

from abc import abstractmethod
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from city_briefs.production.export.document import PrintedDocument, document

TEMPLATES = Path(__file__).parent / "templates"
STATED = (  # of a figure: all but why it is refused
    "metric", "view", "region", "year", "through", "span", "value", "unit", "numerator", "denominator", "text",
    "area", "base", "by", "part", "interval", "verdict", "pending",
)  # fmt: skip
NOT_IN_DOCUMENTS = dict.fromkeys(
    (f"FigureRecord.{name}" for name in STATED), "what a figure says stands in the words of its block"
) | dict.fromkeys(
    ("OwnData.heads", "OwnData.rows"), "what an analyst's chart draws stands in its alternative text, and in the workbook"
)  # of the schema of blocks, what is printed and these formats do not show, with the reason


class BriefExporter(TemplateExporter):
    """An exporter whose template is `templates/brief/index<template_suffix>`, if any; code is left out unless asked for."""

    suffix = ""
    template_suffix = ""

    def _file_extension_default(self) -> str:
        return self.suffix

    def _template_extension_default(self) -> str:
        return self.template_suffix

    def _template_name_default(self) -> str:
        return "brief"

    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def _exclude_input_default(self) -> bool:
        return True

    @default("optimistic_validation")
    def _optimistic_validation_default(self) -> bool:
        return True  # a notebook is validated once, after all preprocessors

    def _validate_preprocessor(self, nbc: NotebookNode, preprocessor: Any) -> None:
        """Validate a processed notebook; what is wrong with it is logged, and what it says is printed all the same."""
        try:
            nbformat.validate(nbc, relax_add_props=True)
        except nbformat.ValidationError as error:
            self.log.warning("The notebook is not as nbformat has it: %s", str(error).split("\n", 1)[0])

    def from_notebook_node(  # type: ignore[override]  # bytes, as nbconvert's own PDF exporter
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the document of a notebook as nbconvert's preprocessors leave it, in the format of this exporter, and the resources."""
        brief, resources = self._processed(nb, resources)
        return self.printed(brief), resources

    @abstractmethod
    def printed(self, brief: PrintedDocument) -> str | bytes:
        """Return a document in the format of this exporter. It stays as it is, so that one can be printed in every format."""

    def _processed(self, nb: NotebookNode, resources: dict[str, Any] | None) -> tuple[PrintedDocument, dict[str, Any]]:
        name = (resources or {}).get("metadata", {}).get("name", "")
        made, resources = Exporter.from_notebook_node(self, nb, resources)
        left_out = {
            "markdown": self.exclude_markdown, "code": self.exclude_code_cell, "raw": self.exclude_raw, "output": self.exclude_output,
            "stdin": self.exclude_output_stdin,
        }  # fmt: skip
        without = {kind for kind, is_left_out in left_out.items() if is_left_out}
        return document(made, name, code=not self.exclude_input, without=without), resources

    def set_in_template(self, **shown: Any) -> str:
        """Return the template, set with what it shows."""
        return str(self.template.render(resources=shown)).lstrip("\r\n")
