"""Where a bureau works, no pack of synthetic data is made in its outputs, and none is issued."""

import pytest

from city_briefs.app.build_packs import Order
from city_briefs.common import paths, settings
from city_briefs.common.errors import UsageError
from city_briefs.production.packs.edition import Approval

SIGNED = Approval("审核人甲", "签发人乙", "2022-01-20")
REFUSED = (
    "snapshot-1 is synthetic, and briefs.toml says that a bureau works here (profile). Name its snapshot by data of briefs.toml or "
    "--data; to try something, name another folder with --out."
)


@pytest.fixture
def order(office, world):
    """An order of nothing, of data that are synthetic or not, in the outputs or elsewhere, under a profile."""

    def make(profile="production", *, synthetic=True, elsewhere=False):
        file = office.folder / "briefs.toml"
        file.write_text(f'profile = "{profile}"\n{file.read_text("utf-8")}', "utf-8")
        settings.read.cache_clear()
        into = office.folder / "elsewhere" if elsewhere else paths.outputs().absolute()
        return Order(world.snapshot(coverage=[], synthetic=synthetic), [], into)

    return make


def test_it_is_refused_by_a_build_in_the_outputs_and_by_an_approval(order):
    refused = order()
    for ask in (refused.build, lambda: refused.issue(SIGNED)):
        with pytest.raises(UsageError) as error:
            ask()
        assert str(error.value) == REFUSED


@pytest.mark.parametrize(
    "given", [{"profile": "trial"}, {"synthetic": False}, {"elsewhere": True}], ids=["trial", "of the bureau", "elsewhere"]
)
def test_anything_else_is_built(order, given):
    assert order(**given).build() == []


def test_what_is_tried_elsewhere_cannot_be_issued_either(order):
    with pytest.raises(UsageError):
        order(elsewhere=True).issue(SIGNED)
