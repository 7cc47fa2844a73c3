"""Product section 8: a setting that is unknown, missing or unsafe stops the start and is named."""

import json
from datetime import date
from pathlib import Path

import pytest

from ilacs_app.settings import KEPT_SETTINGS, NAMES, Settings, SettingsError

WHOLE = {"ILACS_DATA": "plan", "ILACS_BASE_URL": "https://plan.example.gov.uk", "ILACS_SECRET_KEY": "k" * 32}


def read(**changes: str | None) -> Settings:
    env = {**WHOLE, **{f"ILACS_{name}": value for name, value in changes.items()}}
    return Settings.from_env({name: value for name, value in env.items() if value is not None})


def test_what_is_left_out_has_the_documented_value():
    found = read()
    assert found.data == Path("plan").absolute()
    assert found.database_url == f"sqlite:///{found.data / 'ilacs.db'}"
    assert found.evidence_folder == found.data / "evidence"
    assert (found.mail_url, found.mail_from, found.trusted_hosts, found.proxies) == (None, None, (), 0)
    assert (found.session_idle, found.second_factor, found.today, found.demo) == (30, True, None, False)


def test_the_names_are_those_of_the_guide():
    assert {
        "ILACS_DATA",
        "ILACS_DATABASE_URL",
        "ILACS_EVIDENCE_URL",
        "ILACS_MAIL_URL",
        "ILACS_MAIL_FROM",
        "ILACS_BASE_URL",
        "ILACS_SECRET_KEY",
        "ILACS_REAL_PLAN_DIR",
        "ILACS_TRUSTED_HOSTS",
        "ILACS_PROXIES",
        "ILACS_SESSION_IDLE",
        "ILACS_SECOND_FACTOR",
        "ILACS_TODAY",
    } == NAMES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATA", None),
        ("DATA", ""),
        ("DATABASE_URL", "mysql://localhost/plan"),
        ("DATABASE_URL", "plan.db"),
        ("DATABASE_URL", "postgresql://localhost/plan"),
        ("EVIDENCE_URL", "s3://bucket"),
        ("EVIDENCE_URL", "evidence"),
        ("MAIL_URL", "https://mail.example"),
        ("BASE_URL", "plan.example.gov.uk"),
        ("BASE_URL", "ftp://plan.example.gov.uk"),
        ("SECRET_KEY", "k" * 31),
        ("PROXIES", "-1"),
        ("PROXIES", "two"),
        ("PROXIES", "1.5"),
        ("SESSION_IDLE", "0"),
        ("SESSION_IDLE", "ever"),
        ("SECOND_FACTOR", "on"),
        ("TODAY", "14 May 2026"),
        ("TODAY", "2026-02-30"),
        ("SECRET", "k" * 40),
        ("data", "plan"),
        ("SPEED", ""),
    ],
)
def test_a_bad_setting_is_named_in_a_sentence(name, value):
    with pytest.raises(SettingsError) as refusal:
        read(**{name: value})
    said = str(refusal.value)
    assert said.startswith(f"ILACS_{name} ")
    assert said.endswith(".") and "\n" not in said
    assert name != "SECRET_KEY" or str(value) not in said, "a secret is not printed"


@pytest.mark.parametrize("name", ["base_url", "secret_key", "mail_url", "mail_from"])
def test_what_a_command_needs_is_named_where_it_lacks(name):
    with pytest.raises(SettingsError, match=f"ILACS_{name.upper()} is not set"):
        Settings.from_env({"ILACS_DATA": "plan"}).needed(name)


def test_values_are_read():
    found = read(
        DATABASE_URL="postgresql+psycopg://localhost/plan",
        EVIDENCE_URL="file:///srv/evidence",
        BASE_URL="https://plan.example.gov.uk/",
        TRUSTED_HOSTS="plan.example.gov.uk, plan ,",
        PROXIES="1",
        SESSION_IDLE="45",
        SECOND_FACTOR="off",
        TODAY="2018-04-07",
        REAL_PLAN_DIR="elsewhere",
    )
    assert found.database_url == "postgresql+psycopg://localhost/plan"
    assert found.evidence_folder == Path("/srv/evidence")
    assert found.base_url == "https://plan.example.gov.uk"
    assert found.trusted_hosts == ("plan.example.gov.uk", "plan")
    assert (found.proxies, found.session_idle, found.second_factor) == (1, 45, False)
    assert found.today == date(2018, 4, 7)


def test_the_folder_of_a_command_wins():
    assert Settings.from_env(WHOLE, data=Path("other")).data == Path("other").absolute()


def test_other_names_of_the_machine_are_none_of_ours():
    assert Settings.from_env({**WHOLE, "PATH": "/bin", "MYILACS_X": "1"}).session_idle == 30


def test_a_demonstration_keeps_what_it_made(tmp_path):
    (tmp_path / KEPT_SETTINGS).write_text(json.dumps({"base_url": "http://127.0.0.1:8000", "secret_key": "d" * 40}))
    found = Settings.from_env({"ILACS_DATA": str(tmp_path)})
    assert (found.base_url, found.secret_key) == ("http://127.0.0.1:8000", "d" * 40)
    assert found.demo and not found.second_factor
    assert Settings.from_env({"ILACS_DATA": str(tmp_path), "ILACS_SECRET_KEY": "e" * 40}).secret_key == "e" * 40
    assert Settings.from_env({"ILACS_DATA": str(tmp_path), "ILACS_SECOND_FACTOR": "required"}).second_factor


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', '{"secret_key": 5}', '{"secret_key": "short"}'])
def test_a_damaged_file_of_kept_settings_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / KEPT_SETTINGS).write_text(content)
    with pytest.raises(SettingsError):
        Settings.from_env({"ILACS_DATA": str(tmp_path)})


def test_settings_do_not_change_once_read():
    with pytest.raises(AttributeError):
        read().proxies = 3  # type: ignore[misc]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2200-01-01", "1999-12-31", "20260514T10", "soon"])
def test_a_today_from_which_dates_cannot_be_counted_is_refused_by_name(tmp_path, day):
    with pytest.raises(
        SettingsError, match=r"ILACS_TODAY must be a day written as YYYY-MM-DD.*from 2000-01-01 to 2199"
    ):
        Settings.from_env({"ILACS_DATA": str(tmp_path), "ILACS_TODAY": day})


@pytest.mark.parametrize("day", ["2000-01-01", "2199-12-31"])
def test_the_first_and_the_last_today_are_taken(tmp_path, day):
    assert str(Settings.from_env({"ILACS_DATA": str(tmp_path), "ILACS_TODAY": day}).today) == day
