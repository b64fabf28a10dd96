"""疫情防控: what is returned is the value."""

import pytest

from city_briefs.metrics import epidemic_response
from tests.definitions.metrics.returned import assert_value_is_the_return, returned


@pytest.mark.parametrize("metric", returned(epidemic_response))
def test_a_return_is_the_value_and_the_province_adds_up_or_stands_for_itself(world, metric):
    assert_value_is_the_return(world, metric)
