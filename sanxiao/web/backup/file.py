"""The file of a backup: a zip whose manifest names every member with its digest."""

import hashlib
import io
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

import sanxiao
from sanxiao.office.now import now

FORMAT = 1
CHUNK = 1 << 20
MANIFEST = "manifest.json"


class Refused(Exception):
    """Why a backup cannot be made, trusted or brought back, in words for the operator."""


@dataclass
class Manifest:
    """What the file says about itself. Row counts by table; members by name: SHA-256 and size in bytes."""

    engine: str
    profile: str
    program: str = sanxiao.__version__
    format: int = FORMAT
    made_at: str = field(default_factory=lambda: now().isoformat(timespec="seconds"))
    migrations: list[list[str]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


class Writer:
    """Adds members and notes their digests."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.archive, self.manifest = archive, manifest

    @contextmanager
    def member(self, name: str, packed: bool = True) -> Iterator["Digesting"]:
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self.archive.open(info, "w", force_zip64=True) as out:
            digesting = Digesting(out)
            yield digesting
        self.manifest.members[name] = {"sha256": digesting.sha256.hexdigest(), "size": digesting.size}

    def add(self, name: str, path: Path, packed: bool = True) -> None:
        with path.open("rb") as source, self.member(name, packed) as out:
            shutil.copyfileobj(source, out, CHUNK)


class Digesting(io.RawIOBase):
    """Passes bytes on and digests them on the way."""

    def __init__(self, out: IO[bytes] | None = None) -> None:
        self.out, self.sha256, self.size = out, hashlib.sha256(), 0

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        self.size += len(data)
        if self.out:
            self.out.write(data)
        return len(data)


class Reader:
    """A backup whose manifest has been read and whose members are the ones listed; contents are proved by `prove`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        try:
            self.manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        except (KeyError, TypeError, ValueError) as fault:
            raise Refused(_("这不是三小的备份文件。")) from fault
        if self.manifest.format != FORMAT:
            raise Refused(_("备份的格式是第 %d 版，本程序只认第 %d 版。") % (self.manifest.format, FORMAT))
        listed = {*self.manifest.members, MANIFEST}
        if sorted(archive.namelist()) != sorted(listed) or any(not plain(name) for name in listed):
            raise Refused(_("备份里的内容与清单不符。"))

    def names(self, folder: str) -> list[str]:
        return [name for name in self.manifest.members if name.startswith(f"{folder}/")]

    def copy(self, name: str, out: IO[bytes] | None) -> None:
        """Copy a member out (None: only read it) and refuse if it is not what the manifest says."""
        digesting = Digesting(out)
        with self.archive.open(name) as source:
            shutil.copyfileobj(source, digesting, CHUNK)
        wanted = self.manifest.members[name]
        if (digesting.sha256.hexdigest(), digesting.size) != (wanted["sha256"], wanted["size"]):
            raise Refused(_("备份已损坏：%s 与清单的摘要不符。") % name)

    def prove(self) -> None:
        """Read every member to its end."""
        for name in self.manifest.members:
            self.copy(name, None)


def plain(name: str) -> bool:
    """A member may only land below the folder it is unpacked into."""
    return not name.startswith("/") and ".." not in Path(name).parts and "\\" not in name


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open a backup; whatever is wrong with the file becomes a refusal in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reader(archive)
    except (OSError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error) as fault:
        raise Refused(_("读不了备份文件 %(file)s：%(why)s") % {"file": path, "why": fault}) from fault
