"""Starts the window: ``python -m ui [--profile DIR] [--page PAGE]``, or ``--screenshot PAGE OUT.png`` for a picture."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime

from isdesk.clock import TOKYO, ShiftedClock


def parser() -> argparse.ArgumentParser:
    """Return the command line of the window."""
    made = argparse.ArgumentParser(prog="python -m ui", description="The desk of an inside-sales rep.")
    made.add_argument("--profile", default="", metavar="DIR", help="folder of the profile (else ISDESK_PROFILE)")
    made.add_argument("--page", default="call", metavar="PAGE", help="page to open: call, leads, handoff, import, …")
    made.add_argument("--theme", choices=("system", "light", "dark"), default="", help="look, else as in the settings")
    made.add_argument("--palette", choices=("usual", "safe"), default="", help="colours of pictures and states")
    made.add_argument("--lang", choices=("ja", "en"), default="", help="language, else as in the settings")
    made.add_argument("--scale", type=_scale, default=0.0, metavar="F", help="size of everything, 1 to 2")
    made.add_argument("--size", type=_size, default=None, metavar="WxH", help="size of the window, e.g. 1280x800")
    made.add_argument("--screenshot", nargs=2, metavar=("PAGE", "OUT.png"), help="write a picture of a page and end")
    made.add_argument("--at", type=_instant, metavar="T", help="let the clock begin at T (demo, pictures)")
    made.add_argument("--smoke", action="store_true", help="prove that this program works here, and end")
    return made


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 200 <= int(width) <= 8000 and 200 <= int(height) <= 8000):
        raise argparse.ArgumentTypeError(f"a size like 1280x800 is needed, not {text!r}")
    return int(width), int(height)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"a time like 2026-11-24T10:20 is needed, not {text!r}") from error
    return at if at.tzinfo else at.replace(tzinfo=TOKYO)


def _scale(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.5 <= value <= 4:
        raise argparse.ArgumentTypeError(f"a factor from 0.5 to 4 is needed, not {text!r}")
    return value


def main(argv: list[str] | None = None) -> int:
    """Run the window; return the exit code."""
    args = parser().parse_args(argv)
    if args.screenshot or args.smoke:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if args.smoke:
        from ui import smoke

        return smoke.run()
    _set_scale(args.profile, args.scale)
    from ui import app

    page = args.screenshot[0] if args.screenshot else args.page
    clock = ShiftedClock(args.at) if args.at else None
    quiet = bool(args.screenshot)
    options = app.Options(
        args.profile, page, args.theme, args.lang, args.size, quiet=quiet, palette=args.palette, clock=clock
    )
    if args.screenshot:
        from ui import screenshot

        return screenshot.take(options, args.screenshot[1])
    return app.run(options)


def _set_scale(profile: str, given: float) -> None:
    """Tell Qt the scale before it starts; afterwards is too late."""
    if not given and "QT_SCALE_FACTOR" not in os.environ:
        from isdesk import paths
        from isdesk.settings import Settings

        given = Settings.load(paths.profile(profile or None).settings).number("scale_percent") / 100
    if given and given != 1:
        os.environ["QT_SCALE_FACTOR"] = f"{given:g}"


if __name__ == "__main__":
    sys.exit(main())
