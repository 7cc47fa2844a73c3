"""Settings from the environment: read once, checked, frozen.

A value that is unsafe, missing or unknown stops the start and is named; nothing is guessed.
The names are those of the user's guide (docs/running.md).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "ILACS_"
KEPT_SETTINGS = "settings.json"  # what `ilacs demo` made, kept in its data folder
NAMES = frozenset(
    PREFIX + name
    for name in (
        "DATA",
        "DATABASE_URL",
        "EVIDENCE_URL",
        "MAIL_URL",
        "MAIL_FROM",
        "BASE_URL",
        "SECRET_KEY",
        "REAL_PLAN_DIR",
        "TRUSTED_HOSTS",
        "PROXIES",
        "SESSION_IDLE",
        "SECOND_FACTOR",
        "TODAY",
    )
)


FIRST_TODAY, LAST_TODAY = date(2000, 1, 1), date(2199, 12, 31)  # reviews, windows and leases are counted from it


def for_its_owner(path: str, flags: int) -> int:
    """Open a file that only its owner may read: the ``opener`` of ``open``."""
    return os.open(path, flags, 0o600)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner only. One that is there stays as it is."""
    for missing in reversed([folder, *folder.parents]):
        with suppress(FileExistsError):
            missing.mkdir(mode=0o700)


def keep_private(folder: Path) -> None:
    """Take what is in a folder, and the folder, from everyone but its owner.

    Raises:
        OSError: something in it belongs to another account.
    """
    if os.name != "posix" or not folder.is_dir():
        return
    for place, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            path = Path(place, name)
            if not path.is_symlink() and (mode := path.stat().st_mode) & 0o077:
                path.chmod(mode & 0o700)


class SettingsError(ValueError):
    """A setting is missing, unknown or unsafe. The message is a sentence for the person who runs the program."""


@dataclass(frozen=True)
class Settings:
    """All that the program may be told from outside.

    ``session_idle`` is in minutes; ``proxies`` counts the trusted proxies in front of the server.
    """

    data: Path
    database_url: str
    evidence_folder: Path
    mail_url: str | None = None
    mail_from: str | None = None
    base_url: str | None = None
    secret_key: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    session_idle: int = 30
    second_factor: bool = True
    today: date | None = None
    demo: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, data: Path | None = None) -> Settings:
        """Read the settings; ``data`` (a command's ``--data``) wins over ``ILACS_DATA``.

        Raises:
            SettingsError: naming the setting and what to write there.
        """
        env = dict(os.environ if environ is None else environ)
        unknown = sorted(name for name in env if name.startswith(PREFIX) and name not in NAMES)
        if unknown:
            raise SettingsError(f"{unknown[0]} is not a setting of this program. Remove it or correct its name.")
        folder = data or (Path(env["ILACS_DATA"]) if env.get("ILACS_DATA") else None)
        if folder is None:
            raise SettingsError("ILACS_DATA is not set. Set it to the folder that holds the plan's files.")
        folder = folder.absolute()
        if folder.exists() and not folder.is_dir():
            raise SettingsError(f"{folder} is a file. Set ILACS_DATA to a folder.")
        stored = _kept(folder)
        return cls(
            data=folder,
            database_url=_database_url(env.get("ILACS_DATABASE_URL"), folder),
            evidence_folder=_evidence_folder(env.get("ILACS_EVIDENCE_URL"), folder),
            mail_url=_mail_url(env.get("ILACS_MAIL_URL")),
            mail_from=env.get("ILACS_MAIL_FROM") or None,
            base_url=_base_url(env.get("ILACS_BASE_URL") or stored.get("base_url")),
            secret_key=_secret_key(env.get("ILACS_SECRET_KEY") or stored.get("secret_key")),
            trusted_hosts=tuple(h.strip() for h in env.get("ILACS_TRUSTED_HOSTS", "").split(",") if h.strip()),
            proxies=_number(env, "ILACS_PROXIES", 0, low=0),
            session_idle=_number(env, "ILACS_SESSION_IDLE", 30, low=10),
            second_factor=_second_factor(env.get("ILACS_SECOND_FACTOR"), demo=bool(stored)),
            today=_today(env.get("ILACS_TODAY")),
            demo=bool(stored),
        )

    def needed(self, *names: str) -> Settings:
        """Return these settings if every one of ``names`` (such as ``"base_url"``) has a value, else say which lacks.

        Raises:
            SettingsError: naming the first missing setting.
        """
        for name in names:
            if not getattr(self, name):
                raise SettingsError(f"{PREFIX}{name.upper()} is not set. {_WHAT_TO_SET[name]}")
        return self


_WHAT_TO_SET = {
    "base_url": "Set it to the address that people type, for example https://plan.example.gov.uk.",
    "secret_key": "Set it to at least 32 random characters.",
    "mail_url": "Set it to smtp://user:pass@host:587?tls=starttls, or file:///folder to write emails to a folder.",
    "mail_from": "Set it to the address that emails come from.",
}


def _kept(folder: Path) -> dict[str, str]:
    path = folder / KEPT_SETTINGS
    if not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = None
    if not isinstance(stored, dict) or not all(
        isinstance(stored.get(name), str) for name in ("base_url", "secret_key")
    ):
        raise SettingsError(f"{KEPT_SETTINGS} in the data folder is damaged. Delete it, or choose another folder.")
    return stored


def _database_url(given: str | None, folder: Path) -> str:
    url = given or f"sqlite:///{folder / 'ilacs.db'}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(
            "ILACS_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://. "
            "Remove it to use SQLite in the data folder."
        )
    return url


def _evidence_folder(given: str | None, folder: Path) -> Path:
    if not given:
        return folder / "evidence"
    parts = urlsplit(given)
    if parts.scheme != "file" or not parts.path:
        raise SettingsError("ILACS_EVIDENCE_URL must be a folder, written as file:///path/to/folder.")
    return Path(parts.path)


def _mail_url(given: str | None) -> str | None:
    if given and urlsplit(given).scheme not in {"smtp", "file"}:
        raise SettingsError("ILACS_MAIL_URL must begin with smtp:// or file:///.")
    return given or None


def _base_url(given: str | None) -> str | None:
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError("ILACS_BASE_URL must be a full address, for example https://plan.example.gov.uk.")
    return given.rstrip("/")


def _secret_key(given: str | None) -> str | None:
    if given and len(given) < 32:
        raise SettingsError("ILACS_SECRET_KEY is too short to be safe. Use at least 32 random characters.")
    return given or None


def _number(env: Mapping[str, str], name: str, default: int, *, low: int) -> int:
    given = env.get(name)
    if not given:
        return default
    if not given.isdecimal() or int(given) < low:
        raise SettingsError(f"{name} must be a whole number of at least {low}.")
    return int(given)


def _second_factor(given: str | None, *, demo: bool) -> bool:
    if given not in {None, "", "required", "off"}:
        raise SettingsError("ILACS_SECOND_FACTOR must be required or off.")
    return given == "required" if given else not demo


def _today(given: str | None) -> date | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.min
    if not FIRST_TODAY <= day <= LAST_TODAY:
        raise SettingsError(
            f"ILACS_TODAY must be a day written as YYYY-MM-DD, such as 2026-05-14, from {FIRST_TODAY} to {LAST_TODAY}."
        )
    return day
