"""Numbers and quantities are read back from their words, and every link leads to the address of its target."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded
from surveybase.addresses import ADDRESSES, address, address_of_file, href_from, relative, source_file
from surveybase.model import Precision, Quantity
from surveybase.numerals import SHORTEST_GROUPED, number, rounded
from surveybase.views.figures import Target, quantity_text
from surveybase.views.words import PRECISIONS

# --- Numbers ---------------------------------------------------------------------------------------------

decimals = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, places=4)
amounts = st.one_of(st.integers(-(10**15), 10**15).map(Decimal), decimals)
WRITTEN = re.compile(r"-?([0-9]{1,4}|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*[1-9])?")


@given(amounts)
@bounded
def test_a_number_is_read_back_from_its_digits(value: Decimal) -> None:
    written = number(value)
    assert Decimal(written.replace(",", "")) == value
    assert WRITTEN.fullmatch(written)
    assert ("," in written) == (abs(value) >= SHORTEST_GROUPED)


def read_quantity(text: str) -> Quantity:
    """What a reader understands."""
    plain = text.replace(",", "")
    if "–" in plain:
        low, high = plain.split("–")
        return Quantity(Decimal(low), high=Decimal(high))
    digits = plain.lstrip("".join(PRECISIONS.values()))
    words = plain.removesuffix(digits)
    return Quantity(Decimal(digits), next(item for item, word in PRECISIONS.items() if word == words))


quantities = st.one_of(
    st.builds(Quantity, amounts, st.sampled_from(Precision)),
    st.builds(lambda low, size: Quantity(low, high=low + size), amounts, st.integers(1, 10**9).map(Decimal)),
)


@given(quantities)
@bounded
def test_a_quantity_is_read_back_from_its_words(quantity: Quantity) -> None:
    assert read_quantity(quantity_text(quantity)) == quantity


@given(decimals)
@bounded
def test_rounding_keeps_three_significant_digits_and_no_more_than_two_decimals(value: Decimal) -> None:
    shown = rounded(value)
    assert abs(shown - value) <= max(abs(value) / 200, Decimal("0.005"))
    assert rounded(shown) == shown


# --- Addresses -------------------------------------------------------------------------------------------

SITE = "https://example.org/survey/"
TARGETS = [
    Target(kind, "a-b" if "{id}" in pattern else "", anchor)
    for kind, pattern in ADDRESSES.items()
    for anchor in ("", "i-a_b")
]
PAGES = [target for target in TARGETS if not target.anchor and address(target)[-1:] in {"", "/"}]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.kind)
def test_a_link_from_any_page_leads_to_the_address_of_its_target(page: Target) -> None:
    here = address(page)
    for target in TARGETS:
        written = href_from(here)(target)
        assert urljoin(SITE + here, written) == SITE + address(target)
        assert not written.startswith("/")


folders = st.lists(st.sampled_from(["a/", "b-1/", "reports/"]), max_size=4).map("".join)
files = st.sampled_from(["", "a.json", "b.png", "#x", "a.json#x"])


@given(folders, folders, files)
@bounded
def test_a_relative_address_leads_to_the_same_place_as_the_whole(page: str, folder: str, file: str) -> None:
    target = f"{folder}{file}"
    assert urljoin(SITE + page, relative(target, page)) == SITE + target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.kind)
def test_the_file_of_a_page_has_the_address_of_the_page(page: Target) -> None:
    assert address_of_file(source_file(page)) == address(page)


def test_no_two_targets_share_an_address() -> None:
    addresses = [address(target) for target in TARGETS]
    assert len(set(addresses)) == len(addresses)
