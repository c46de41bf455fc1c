"""Elements as text: the few lines it takes to write SVG with everything escaped."""

from __future__ import annotations

from markupsafe import Markup, escape


def element(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """`<name …>children</name>`; text is escaped, None drops an attribute, `stroke_width` becomes stroke-width."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704 - every part is escaped just above


def number(value: object) -> object:
    """A coordinate with one decimal; anything else as it is."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def short(text: str, most: int) -> str:
    """At most so many characters, the cut marked."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
