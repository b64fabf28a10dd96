"""What both exporters are: nbconvert template exporters with a template of this project, whatever the working directory."""

from pathlib import Path

from nbconvert.exporters import TemplateExporter
from traitlets import default

TEMPLATES = Path(__file__).parent / "templates"
STATED = (  # of a figure: all but why it is refused
    "metric", "view", "region", "year", "through", "span", "value", "unit", "numerator", "denominator", "text",
    "area", "base", "by", "part", "interval", "verdict", "pending",
)  # fmt: skip
NOT_IN_DOCUMENTS = dict.fromkeys(
    (f"FigureRecord.{name}" for name in STATED), "what a figure says stands in the words of its block"
)  # of the schema of blocks, what is printed and these formats do not show, with the reason


class BriefExporter(TemplateExporter):
    """An exporter whose template is `templates/brief/index<template_suffix>`; code is left out unless asked for."""

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
