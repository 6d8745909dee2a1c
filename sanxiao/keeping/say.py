"""Names of classes in words."""

from sanxiao.docket import rooms


def name_of(key: str) -> str:
    """The name of a class; the key itself where its room is gone."""
    return next((str(each.name) for room in rooms.all_rooms() for each in room.keeps if each.key == key), key)
