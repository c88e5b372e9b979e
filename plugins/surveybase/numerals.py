"""Numbers in digits."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

SHORTEST_GROUPED = 10_000  # four digits are read at a glance


def number(value: Decimal) -> str:
    """The number in digits, grouped by thousands from five digits on, without needless zeros."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, fraction = plain.partition(".")
    grouped = f"{int(whole):,}" if abs(value) >= SHORTEST_GROUPED else whole
    return f"{grouped}.{fraction}" if fraction else grouped


def rounded(value: Decimal) -> Decimal:
    """A computed value to about three significant digits: more would claim what the sources do not give."""
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 10 else 2
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
