"""One file that holds everything: made, proved by a real restore, and brought back.

The file is a zip (zip64) of
    database.sqlite3          SQLite: a copy by SQLite's own backup interface, never of the file itself
    tables/<table>.copy       PostgreSQL: COPY of every table in one REPEATABLE READ transaction
    blobs/…                   photos and documents, as they lie in BLOB_DIR under their digests
    keys/…, accounts.json     in the practice profile alone: there everything is made up
    manifest.json             versions, migrations, row counts, SHA-256 of every member, fingerprints of the keys

Nothing of the target is touched before every member has been read and found whole. A backup goes back into the
engine it came from. In the real profile the keys travel apart: a restore without the same keys would bring back
fields that nobody can open, so it is refused.
"""

import hashlib
import json
import os
import zipfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from sanxiao.web.backup.engines import engine, require_known
from sanxiao.web.backup.file import MANIFEST, Manifest, Reader, Refused, Writer, opened

__all__ = ["MANIFEST", "Manifest", "Refused", "back_up", "restore", "verify"]

ACCOUNTS = "accounts.json"


def back_up(target: Path) -> Manifest:
    """Write a backup; the file appears under its name only when it is complete and on the disk."""
    manifest = Manifest(connection.vendor, settings.PROFILE, keys=fingerprints())
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(part, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", compresslevel=3) as archive:
                fill(Writer(archive, manifest))
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    except OSError as fault:
        raise Refused(_("写不了备份文件 %(file)s：%(why)s") % {"file": target, "why": fault}) from fault
    finally:
        with suppress(OSError):
            part.unlink()
    return manifest


def fill(writer: Writer) -> None:
    """The database first: a blob is written before the row that names it, so none can be missing."""
    engine().dump(writer)
    for path in files(settings.BLOB_DIR):
        writer.add(f"blobs/{path.relative_to(settings.BLOB_DIR)}", path, packed=False)
    if not settings.REAL:
        for path in files(settings.KEY_DIR):
            writer.add(f"keys/{path.name}", path)
        accounts = settings.DATA_DIR / "practice-accounts.json"
        if accounts.exists():
            writer.add(ACCOUNTS, accounts)
    writer.archive.writestr(MANIFEST, json.dumps(asdict(writer.manifest), ensure_ascii=False, indent=1))


def require_fit(manifest: Manifest) -> None:
    """Refuse a backup of another engine, another profile or a newer program."""
    if manifest.engine != connection.vendor:
        values = {"theirs": manifest.engine, "ours": connection.vendor}
        raise Refused(_("备份来自 %(theirs)s，这里是 %(ours)s；本版本只能恢复到同一种数据库。") % values)
    if manifest.profile != settings.PROFILE:
        values = {"theirs": manifest.profile, "ours": settings.PROFILE}
        raise Refused(_("备份出自 %(theirs)s 模式，这里是 %(ours)s 模式：练习数据与真实数据不得混用。") % values)
    require_known(manifest.migrations)


def verify(path: Path) -> Manifest:
    """Read everything, then really restore into a scratch place and compare; the live data are not touched."""
    with opened(path) as reader:
        require_fit(reader.manifest)
        reader.prove()
        engine().rehearse(reader)
        return reader.manifest


def restore(path: Path) -> Manifest:
    """Bring a backup back. Blobs only ever add; the database comes last, in one step."""
    with opened(path) as reader:
        require_fit(reader.manifest)
        if settings.REAL:
            require_keys(reader.manifest)
        reader.prove()
        for name in reader.names("blobs"):
            put(reader, name, settings.BLOB_DIR / name.removeprefix("blobs/"), 0o600)
        engine().load(reader)
        if not settings.REAL:
            for name in reader.names("keys"):
                put(reader, name, settings.KEY_DIR / name.removeprefix("keys/"), 0o600)
            if ACCOUNTS in reader.manifest.members:
                put(reader, ACCOUNTS, settings.DATA_DIR / "practice-accounts.json", 0o600)
        return reader.manifest


def fingerprints() -> dict[str, str]:
    """Name -> fingerprint of every key; the keys are random, so a digest gives nothing away."""
    keys = sorted(path for path in settings.KEY_DIR.glob("*") if path.is_file())
    return {path.name: hashlib.sha256(b"sanxiao key\0" + path.read_bytes()).hexdigest()[:16] for path in keys}


def require_keys(manifest: Manifest) -> None:
    """In the real profile the keys of the backup must lie here already."""
    here = fingerprints()
    missing = [name for name, print_ in manifest.keys.items() if here.get(name) != print_]
    if missing:
        raise Refused(
            _("密钥不符：%(names)s。请先把制作备份时的密钥放进 %(folder)s，再恢复；没有恢复任何内容。")
            % {"names": ", ".join(missing), "folder": settings.KEY_DIR}
        )


def put(reader: Reader, name: str, target: Path, mode: int) -> None:
    """Write a member under its final name only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as out:
            reader.copy(name, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def files(folder: Path) -> list[Path]:
    """Every file below the folder in a fixed order; half-written ones begin with a dot and do not count."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
