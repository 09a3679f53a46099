"""So many bytes, as people say it."""

BYTES = 4  # of a number in single precision
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size(count: int) -> str:
    """`2.59 kB`: so many bytes in the unit that leaves one to three digits before the point."""
    number, unit = float(count), 0
    while number >= 999.5 and unit + 1 < len(UNITS):
        number, unit = number / 1000, unit + 1
    return f"{count} {UNITS[0]}" if unit == 0 else f"{number:.3g} {UNITS[unit]}"
