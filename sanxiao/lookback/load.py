"""What looking back takes from a town's folder: the two short forms for the phone."""

from pathlib import Path

from sanxiao.survey import load, xlsform

FORMS = ("lookback", "revival")


def load_town(folder: Path) -> str:
    """Publish the forms; a new version only where one changed. Returns words on how many there are and are new."""
    held = [code for code in FORMS if (folder / "forms" / code).is_dir()]
    new = sum(load.publish(None, xlsform.source(folder, code)) for code in held)
    return f"{len(held)} forms, {new} new"
