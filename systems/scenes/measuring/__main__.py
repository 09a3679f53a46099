"""`python -m systems.scenes.measuring looks scenes-soft scenes-hard` and `... pictures runs/pictures-*`: measure and record."""

import argparse
from pathlib import Path

from systems.scenes.measuring import record


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        prog="python -m systems.scenes.measuring", description="Measure the models of scenes."
    )
    parser.add_argument(
        "what", choices=("looks", "pictures"), help="looks of captioners, or ViT against CNN by pictures"
    )
    parser.add_argument("models", nargs="+", help="names or folders of trained systems")
    asked = parser.parse_args()
    command = f"python -m systems.scenes.measuring {asked.what} {' '.join(asked.models)}"
    if asked.what == "looks":
        record.write([record.captioner(name) for name in asked.models], record.LOOKS, command)
    else:
        found = sorted(
            (record.learned(Path(name)) for name in asked.models), key=lambda each: (each.kind, each.pictures)
        )
        record.write(found, record.PICTURES, command)


if __name__ == "__main__":
    main()
