"""The phone page as the server gives it: the same for everybody, kept whole, and under a strict policy."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sanxiao.field import page
from sanxiao.field.models import Draft

ASSETS = Path(page.__file__).parent / "assets"
WORDS = {name: json.loads((ASSETS / f"words.{name}.json").read_text()) for name in ("zh", "en")}


def test_chinese_and_english_have_the_same_words():
    assert list(WORDS["zh"]) == list(WORDS["en"])
    holes = {name: {key: re.findall(r"\{(\w+)\}", text) for key, text in said.items()} for name, said in WORDS.items()}
    assert {k: sorted(v) for k, v in holes["zh"].items()} == {k: sorted(v) for k, v in holes["en"].items()}


def test_every_word_that_the_page_says_is_in_the_catalogue_and_none_is_idle():
    sources = "".join(path.read_text() for path in ASSETS.rglob("*.js*") if path.suffix != ".json")
    said = set(re.findall(r'\bt\("(\w+)"', sources))
    assert said <= set(WORDS["zh"])
    built = re.compile(r"^(patch|state|missing)_|^guide\d")  # put together from a kind, a state or a page
    assert [key for key in WORDS["zh"] if f'"{key}"' not in sources and not built.match(key)] == []


def test_the_page_knows_nobody(client, as_):
    assert client.get("/field/").content == as_("zhang").get("/field/").content


def test_the_page_allows_the_engine_and_nothing_from_elsewhere(client):
    policy = client.get("/field/")["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "unsafe-inline" not in policy and "http" not in policy and "'unsafe-eval'" not in policy
    assert "wasm" not in client.get("/login/")["Content-Security-Policy"]


def test_the_worker_keeps_the_page_with_its_engine_and_map(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    names = {
        "field.js": "field-1.js",
        "field/engine.js": "field-e.js",
        "app.js": "app-1.js",
        "icons.svg": "icons-1.svg",
    }
    (tmp_path / "manifest.json").write_text(json.dumps(names))
    text = client.get("/field/sw.js").content.decode()
    assert 'const FILES = ["/static/field-1.js", "/static/field-e.js", "/static/icons-1.svg"]' in text
    before = re.search(r'VERSION = "(\w+)"', text)[1]
    (tmp_path / "manifest.json").write_text(json.dumps(names | {"field.js": "field-2.js"}))
    assert re.search(r'VERSION = "(\w+)"', client.get("/field/sw.js").content.decode())[1] != before


def test_it_can_be_put_on_the_home_screen(client):
    said = json.loads(client.get("/field/manifest.webmanifest").content)
    assert said["scope"] == said["start_url"] == "/field/"
    for entry in said["icons"]:
        size = Image.open(BytesIO(client.get(entry["src"]).content)).size
        assert f"{size[0]}x{size[1]}" == entry["sizes"]
    assert client.get("/field/icon-7.png").status_code == 404


def test_a_phone_asks_for_its_errands_with_its_key(phone):
    said = phone.api("errands")
    assert said.status_code == 200 and set(said.json()) == {"errands", "patches"}
    assert said["X-Server-Time"]


@pytest.fixture
def draft(town):
    return Draft.objects.create(name="新表.xlsx", title="新表", xform="<h:html/>", by=town.zhou)


def test_the_forms_desk_sees_a_draft_and_tells_that_it_opened(as_, draft):
    desk = as_("zhou")
    assert (
        f'data-preview="/field/preview/{draft.pk}/form.xml"' in desk.get(f"/field/preview/{draft.pk}/").content.decode()
    )
    assert desk.get(f"/field/preview/{draft.pk}/form.xml").content == b"<h:html/>"
    assert desk.post(f"/field/preview/{draft.pk}/seen").status_code == 200
    draft.refresh_from_db()
    assert draft.previewed_at is not None


@pytest.mark.parametrize("path", ["", "form.xml"])
def test_nobody_else_sees_a_draft(as_, client, draft, path):
    assert as_("zhang").get(f"/field/preview/{draft.pk}/{path}").status_code == 404
    assert client.get(f"/field/preview/{draft.pk}/{path}").status_code == 302
    assert as_("zhang").post(f"/field/preview/{draft.pk}/seen").status_code == 404
