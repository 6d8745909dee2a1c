"""./run: its words, its stamps, its locks."""

import importlib.machinery
import importlib.util
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(monkeypatch, tmp_path):
    """The script as a module, with its data folder elsewhere."""
    loader = importlib.machinery.SourceFileLoader("run_script", str(ROOT / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_script", loader))
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = kept
    monkeypatch.setattr(module, "DATA", tmp_path)
    monkeypatch.setattr(module, "ACCOUNTS", tmp_path / "practice-accounts.json")
    return module


def test_a_taken_port_is_told_with_the_way_out(run, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(run, "PORT", str(port))
        with pytest.raises(run.Trouble, match=f"PORT={port + 1} ./run"):
            run.require_free_port()


def test_an_old_python_is_told_what_is_needed(run, monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(run.Trouble, match=r"Python 3\.11"):
        run.require_python()


def test_a_missing_venv_module_names_the_package(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VENV", tmp_path / "venv")
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(run.Trouble, match="apt install python3-venv"):
        run.make_venv()


def test_codes_lead_to_where_the_program_is_served(run, monkeypatch):
    assert run.practice_url("127.0.0.1", "8106") == "http://127.0.0.1:8106"
    assert run.practice_url("::1", "8000") == "http://[::1]:8000"
    assert "0.0.0.0" not in run.practice_url("0.0.0.0", "8000")
    monkeypatch.setenv("SANXIAO_URL", "https://said.example")
    assert run.environment()["SANXIAO_URL"] == "https://said.example"


def test_https_needs_both_files(run, monkeypatch):
    monkeypatch.setenv("SANXIAO_CERT", "cert.pem")
    with pytest.raises(run.Trouble, match="SANXIAO_KEY"):
        run.tls_files()


def test_a_stamp_holds_while_names_and_contents_hold(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/a").write_text("1")
    first = run.digest(tmp_path / "folder")
    assert run.digest(tmp_path / "folder") == first
    (tmp_path / "folder/a").rename(tmp_path / "folder/b")
    assert run.digest(tmp_path / "folder") != first


def test_accounts_stand_in_even_columns(run):
    lines = run.table([{"username": "chen", "name": "陈国栋"}, {"username": "li", "name": "李"}]).splitlines()
    assert lines == ["    chen  陈国栋", "    li    李"]


def test_an_upgrade_begins_with_a_backup_and_a_first_start_does_not(run, monkeypatch, tmp_path):
    asked = []
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "manage", lambda *arguments, shown=False: asked.append(arguments[0]) or "[]")
    run.prepare_database()
    assert asked == ["migrate", "setup_town", "practice"]
    asked.clear()
    run.sqlite3.connect(tmp_path / "sanxiao.sqlite3").execute("create table django_migrations (id)")
    run.prepare_database()
    assert asked == []
    (tmp_path / ".stamp-database").write_text("an older version")
    run.prepare_database()
    assert asked == ["backup", "migrate", "setup_town"]


def test_the_real_profile_makes_nothing_up(run, monkeypatch):
    asked = []
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "PROFILE", "real")
    monkeypatch.setattr(run, "manage", lambda *arguments, shown=False: asked.append(arguments[0]))
    run.prepare_database()
    assert asked == ["migrate"]


def test_children_live_and_end_together(run, monkeypatch):
    monkeypatch.setattr(run.signal, "signal", lambda number, act: None)
    children = run.Children()
    children.start("short", ["true"])
    children.start("long", ["sleep", "60"])
    children.running["short"].wait()
    assert children.ended() == "short"
    children.stop()
    assert children.running["long"].poll() is not None


def test_an_unknown_command_is_told_in_words():
    done = subprocess.run([sys.executable, str(ROOT / "run"), "nonsense"], text=True, capture_output=True, check=False)
    assert done.returncode == 1
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_knows_the_same_names(run):
    names = re.search(r"^NAMES := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert set(run.PROOFS) <= set(names)


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", "requirements-risk.lock"]
)
def test_python_locks_carry_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    pins = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert len(pins) <= text.count("--hash=sha256:")
    assert all("==" in line for line in pins)


def test_the_npm_lock_carries_digests_and_no_download_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert all(
        "resolved" not in package and package["integrity"].startswith("sha512-") for package in packages.values()
    )
