"""What the tests of charts share."""

from tests.helpers.legible import canvases  # noqa: F401  # a fixture
