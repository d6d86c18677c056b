"""One verb per task of development: ``python3 dev.py run | test | lint | bench | build | demo | docs | lock | setup``.

Standard library only: it makes ``.venv`` from ``requirements.lock``, installs what the system lacks (on Debian as root;
elsewhere it prints the command) and does nothing twice: packages are installed again only when the lock changes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("isdesk needs Python 3.11 or newer; this is " + platform.python_version() + ".")

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
DEMO = ROOT / ".demo"
PICTURE = ROOT / "resources" / "help" / "main-window.png"
BUNDLE = ROOT / "dist" / "isdesk"
WINDOWS = os.name == "nt"

QT_PACKAGES = (
    "libegl1 libgl1 libopengl0 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 "
    "libxcb-xkb1 libxcb-render0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libx11-xcb1 libfreetype6 "
    "libwayland-client0 libwayland-cursor0 fonts-noto-cjk"
).split()
TEST_PACKAGES = ["strace", "xvfb", "postgresql"]
BUILD_PACKAGES = ["binutils"]
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}
"""Debian packages that newer releases call otherwise."""

OTHER_SYSTEMS = {
    "dnf": "sudo dnf install mesa-libEGL mesa-libGL libxkbcommon-x11 xcb-util-cursor xcb-util-image xcb-util-keysyms "
    "xcb-util-renderutil xcb-util-wm fontconfig google-noto-sans-cjk-fonts strace postgresql-server binutils",
    "pacman": "sudo pacman -S --needed libglvnd libxkbcommon-x11 xcb-util-cursor xcb-util-image xcb-util-keysyms "
    "xcb-util-renderutil xcb-util-wm fontconfig noto-fonts-cjk strace postgresql binutils",
    "zypper": "sudo zypper install libEGL1 libGL1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-render-util0 google-noto-sans-cjk-fonts strace postgresql-server binutils",
}

A_LITTLE_AFTER_OPENING = timedelta(minutes=15)

Env = dict[str, str]


# ------------------------------------------------------------------------------------------------------------ speaking


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"» {text}", flush=True)


def shown(command: list[str]) -> str:
    """Return a command as one would type it, with paths relative to the checkout."""
    return " ".join(part.replace(str(ROOT) + os.sep, "") for part in command)


def call(command: list[str], env: Env | None = None) -> int:
    """Run a command in the checkout and return its exit code."""
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def must(command: list[str], env: Env | None = None, *, quiet: bool = False) -> None:
    """Run a command in the checkout; where it fails, leave with its exit code. ``quiet``: speak only on failure."""
    out = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=out, stderr=out and subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stdout.write((done.stdout or b"").decode(errors="replace"))
        sys.exit(f"failed ({done.returncode}): {shown(command)}")


# -------------------------------------------------------------------------------------------------------------- set-up


def tool(name: str) -> str:
    """Return the path of a program of the virtual environment."""
    return str(VENV / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else "")))


def missing_on_debian(packages: list[str]) -> list[str]:
    """Return those Debian packages that are not installed under any of their names."""
    ask = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"]
    out = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[1] for line in out.splitlines() if line.startswith("installed ")}
    return [p for p in packages if p not in installed and RENAMED.get(p) not in installed]


def apt_name(package: str) -> str:
    """Return the name under which this release of Debian offers a package."""
    newer = RENAMED.get(package)
    if newer is None:
        return package
    known = subprocess.run(["apt-cache", "show", newer], capture_output=True, check=False)
    return newer if known.returncode == 0 else package


def system_packages(packages: list[str]) -> None:
    """Install the system packages that are missing, or print the command that would."""
    if sys.platform != "linux":
        return
    if not shutil.which("apt-get"):
        command = next((line for program, line in OTHER_SYSTEMS.items() if shutil.which(program)), None)
        if command and not (VENV / ".system-hint").exists():
            say(f"if the window does not open, these may be missing: {command}")
            if VENV.exists():
                (VENV / ".system-hint").touch()
        return
    lacking = missing_on_debian(packages)
    if not lacking:
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"installing system packages: {' '.join(lacking)}")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        must(["apt-get", "update"], env, quiet=True)
        names = [apt_name(p) for p in lacking]
        must(["apt-get", "install", "-y", "--no-install-recommends", *names], env, quiet=True)
    else:
        say(f"missing system packages; please run:  sudo apt-get install {' '.join(lacking)}")


def make_venv() -> None:
    """Make ``.venv`` with the Python that runs this file, unless one that works is there."""
    if Path(tool("python")).exists() and call([tool("python"), "-c", "import pip"]) == 0:
        return
    try:
        import ensurepip  # noqa: F401  # Debian's python3 comes without it
        import venv
    except ImportError:
        system_packages([f"python3.{sys.version_info[1]}-venv"])
        must([sys.executable, "-m", "venv", "--clear", str(VENV)])
        return
    say(f"making .venv with Python {platform.python_version()}")
    venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=not WINDOWS)


def changed(stamp: Path, content: str) -> bool:
    """True where what a step depends on is not what it was when the step was last done."""
    return not stamp.exists() or stamp.read_text(encoding="utf-8") != content


def install() -> None:
    """Install the locked packages and the project itself, each only when what it depends on has changed."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = VENV / ".lock-hash"
    if changed(stamp, lock):
        say("installing the packages of requirements.lock (once; a few minutes on a slow line)")
        must([tool("python"), "-m", "pip", "install", *quiet, "--require-hashes", "-r", str(LOCK)])
        stamp.write_text(lock, encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = {"at": str(ROOT), **{k: project[k] for k in ("build-system", "project")}, "hatch": project["tool"]["hatch"]}
    wanted = json.dumps(parts, sort_keys=True)
    stamp = VENV / ".project-hash"
    if changed(stamp, wanted) or not Path(tool("isdesk")).exists():
        must([tool("python"), "-m", "pip", "install", *quiet, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
        stamp.write_text(wanted, encoding="utf-8")


def setup(packages: list[str]) -> None:
    """Bring this machine to where every verb works."""
    make_venv()
    install()
    system_packages(packages)


# -------------------------------------------------------------------------------------------------------------- verbs


def has_display() -> bool:
    """True where a window can be shown."""
    if WINDOWS or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def demo_env() -> Env:
    """Return the environment of the demo: its own folder and, so that no keyring is touched, its own passphrase."""
    DEMO.mkdir(exist_ok=True)
    secret = DEMO / "passphrase"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    return {
        **os.environ,
        "ISDESK_PROFILE": str(DEMO / "profile"),
        "ISDESK_PASSPHRASE": secret.read_text(encoding="utf-8").strip(),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONUTF8": "1",
    }


def make_demo(env: Env, extra: list[str], *, fresh: bool) -> None:
    """Make the demo profile unless it is there; ``fresh`` throws an old one away first."""
    done = DEMO / "complete"
    if fresh or not done.exists():
        shutil.rmtree(DEMO / "profile", ignore_errors=True)
        done.unlink(missing_ok=True)
        say("making a demo team: synthetic companies and people, 90 days of history (half a minute)")
        must([tool("isdesk"), "demo", *extra], env)
        done.touch()


def run(args: argparse.Namespace, extra: list[str]) -> int:
    """Open the window on a demo team; without a display make its picture and print the top of the queue."""
    setup(QT_PACKAGES)
    env = demo_env()
    make_demo(env, [], fresh=args.fresh)
    at = [] if "--at" in extra else at_calling_time(env)
    if has_display() and not args.headless:
        return call([tool("python"), "-m", "ui", *at, *extra], env)
    say("there is no display: this is the top of the queue, and a picture of the window follows")
    must([tool("isdesk"), "queue", "--limit", "10", *at], env)
    picture = DEMO / "window.png"
    env["QT_QPA_PLATFORM"] = "offscreen"
    size = [] if "--size" in extra else ["--size", "1280x800"]
    must([tool("python"), "-m", "ui", "--screenshot", "call", str(picture), *size, *at, *extra], env)
    say(f"the window as a picture: {picture}")
    return 0


def at_calling_time(env: Env) -> list[str]:
    """Return ``--at`` a quarter past the next opening where nobody may be called now (at night, on a holiday).

    A demo whose queue is empty shows nothing; its clock then begins at the working hour that it was made for.
    """
    asked = [tool("isdesk"), "queue", "--limit", "1", "--json"]
    out = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    opens = json.loads(out)["window"]["opens_at"] if out else None
    if opens is None:
        return []
    at = (datetime.fromisoformat(opens) + A_LITTLE_AFTER_OPENING).isoformat()
    say(f"nobody may be called now, so the demo's clock begins at {at}")
    return ["--at", at]


def demo(args: argparse.Namespace, extra: list[str]) -> int:
    """Make the demo team anew; options go on to ``isdesk demo``."""
    del args
    setup(QT_PACKAGES)
    make_demo(demo_env(), extra, fresh=True)
    return 0


def lint_steps(*, fix: bool) -> list[tuple[str, list[str]]]:
    """Return the checks that run no code of ours."""
    ruff = tool("ruff")
    return [
        ("lint", [ruff, "check", *(["--fix"] if fix else []), "."]),
        ("format", [ruff, "format", *([] if fix else ["--check"]), "."]),
        ("types", [tool("mypy")]),
        ("contracts", [tool("lint-imports"), "--no-logo"]),
    ]


def in_turn(steps: list[tuple[str, list[str]]], env: Env) -> int:
    """Run all steps, also after one has failed; print what each took; return 1 where any failed."""
    results: list[tuple[str, int, float]] = []
    for name, command in steps:
        say(f"{name}: {shown(command)}")
        begun = time.monotonic()
        code = call(command, env)
        results.append((name, code, time.monotonic() - begun))
    print(flush=True)
    for name, code, seconds in results:
        say(f"{name:<10} {'ok' if code == 0 else f'FAILED ({code})':<12} {seconds:7.1f} s")
    return int(any(code for _, code, _ in results))


def quiet_env() -> Env:
    """Return the environment in which tests run: no display, no keyring and no profile of the developer's."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ISDESK_")}
    env.update(QT_QPA_PLATFORM="offscreen", PYTHONUTF8="1", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    return env


def test(args: argparse.Namespace, extra: list[str]) -> int:
    """Run lint, types, contracts and tests; arguments after ``--`` go on to pytest."""
    setup(QT_PACKAGES + TEST_PACKAGES)
    workers = [] if args.serial or extra else ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
    steps = [] if args.only_tests else lint_steps(fix=False)
    steps.append(("tests", [tool("python"), "-m", "pytest", *workers, *extra]))
    return in_turn(steps, quiet_env())


def lint(args: argparse.Namespace, extra: list[str]) -> int:
    """Run lint, format check, types and import contracts; ``--fix`` mends what can be mended."""
    del extra
    setup([])
    return in_turn(lint_steps(fix=args.fix), quiet_env())


def bench(args: argparse.Namespace, extra: list[str]) -> int:
    """Measure on 100,000 leads and 1,000,000 touches; prints a table and writes JSON to ``bench-results/``."""
    del args
    setup(QT_PACKAGES)
    extras = ROOT / "tests" / "benchmarks" / "requirements.lock"
    if extras.exists():
        must([tool("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(extras)])
    return call([tool("python"), "-m", "tests.benchmarks", *extra], quiet_env())


def build(args: argparse.Namespace, extra: list[str]) -> int:
    """Make the bundle and smoke-test it: fresh profile, migrate, render a template, open the window, quit."""
    setup(QT_PACKAGES + BUILD_PACKAGES)
    if not args.smoke_only:
        folders = ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
        must([tool("pyinstaller"), "--noconfirm", "--log-level", "WARN", *folders, *extra, str(ROOT / "build.spec")])
    size = sum(f.stat().st_size for f in BUNDLE.rglob("*") if f.is_file() and not f.is_symlink())
    say(f"bundle: {shown([str(BUNDLE)])} ({size / 1e6:.0f} MB)")
    env = {**quiet_env(), "ISDESK_PASSPHRASE": secrets.token_urlsafe(24)}
    for unwanted in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        env.pop(unwanted, None)
    return call([str(BUNDLE / ("isdesk.exe" if WINDOWS else "isdesk")), "--smoke"], env)


def docs(args: argparse.Namespace, extra: list[str]) -> int:
    """Write the parts of the documents anew that come from code; ``--pictures`` draws the window's picture too."""
    setup(QT_PACKAGES if args.pictures else [])
    if args.pictures:
        env = demo_env()
        make_demo(env, [], fresh=False)
        env["QT_QPA_PLATFORM"] = "offscreen"
        picture = ["--screenshot", "call", str(PICTURE), "--size", "1440x900", "--theme", "light", "--lang", "ja"]
        must([tool("python"), "-m", "ui", *picture, *at_calling_time(env)], env)
    return call([tool("python"), "-m", "tests.house.documents", *extra], quiet_env())


def lock(args: argparse.Namespace, extra: list[str]) -> int:
    """Resolve ``pyproject.toml`` anew into ``requirements.lock``: all platforms, all Pythons, with hashes."""
    del args
    setup([])
    helper = ROOT / "build" / "lock-tool"
    must([sys.executable, "-m", "venv", str(helper)])
    uv = helper / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
    must([str(uv.parent / ("python.exe" if WINDOWS else "python")), "-m", "pip", "install", "--quiet", "uv"])
    command = [str(uv), "pip", "compile", "pyproject.toml", "--extra", "ui", "--extra", "dev", "--universal"]
    command += ["--generate-hashes", "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet"]
    return call([*command, "-o", "requirements.lock", *extra])


def set_up(args: argparse.Namespace, extra: list[str]) -> int:
    """Do the set-up alone."""
    del args, extra
    setup(QT_PACKAGES + TEST_PACKAGES + BUILD_PACKAGES)
    say("ready")
    return 0


VERBS = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "build": build,
    "demo": demo,
    "docs": docs,
    "lock": lock,
    "setup": set_up,
}


def main() -> int:
    """Read the verb, do it, and return its exit code."""
    parser = argparse.ArgumentParser(prog="dev.py", description=(__doc__ or "").splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    made = {name: verbs.add_parser(name, help=(verb.__doc__ or "").splitlines()[0]) for name, verb in VERBS.items()}
    made["run"].add_argument("--fresh", action="store_true", help="make the demo team anew first")
    made["run"].add_argument("--headless", action="store_true", help="do as if there were no display")
    made["test"].add_argument("--only-tests", action="store_true", help="leave lint, types and contracts out")
    made["test"].add_argument("--serial", action="store_true", help="one process")
    made["lint"].add_argument("--fix", action="store_true", help="mend what can be mended")
    made["build"].add_argument("--smoke-only", action="store_true", help="test the bundle that is there")
    made["docs"].add_argument("--pictures", action="store_true", help="draw the window's picture anew too")
    known, extra = parser.parse_known_args()
    begun = time.monotonic()
    code = VERBS[known.verb](known, [part for part in extra if part != "--"])
    say(f"{known.verb}: {'done' if code == 0 else 'failed'} in {time.monotonic() - begun:.1f} s")
    return code


if __name__ == "__main__":
    sys.exit(main())
