"""Paths of the field."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from sanxiao.field import desk, incoming, my_phones, office_urls, openrosa, page, phones

OPENROSA = [
    ("formList", openrosa.form_list, "form-list"),
    ("submission", openrosa.submission, "submission"),
    ("integrity", openrosa.integrity, "integrity"),
    ("forms/<str:code>/<str:version>/form.xml", openrosa.form, "form"),
    ("forms/<str:code>/<str:version>/manifest", openrosa.manifest, "manifest"),
    ("forms/<str:code>/<str:version>/media/<str:name>", openrosa.media, "media"),
]


def both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """A path of OpenRosa for sessions and passwords, and the same under a phone's key."""
    return [
        path(f"openrosa/{route}", view, name=f"openrosa-{name}"),
        path(f"key/<str:token>/{route}", view, name=f"key-{name}"),
    ]


urlpatterns = [
    *page.paths,
    *office_urls.urlpatterns,
    *[pattern for row in OPENROSA for pattern in both(*row)],
    path("field/api/phone", phones.phone, name="field-phone"),
    path("field/api/me", phones.me, name="field-me"),
    path("field/api/boundaries", phones.boundaries, name="field-boundaries"),
    path("field/api/places", phones.places, name="field-places"),
    path("field/api/promises", phones.promises, name="field-promises"),
    path("field/api/status", phones.status, name="field-status"),
    path("me/phones/", my_phones.mine, name="my-phones"),
    path("me/phones/collect", my_phones.collect, name="phone-collect"),
    path("me/phones/<uuid:pk>/rename", my_phones.rename, name="phone-rename"),
    path("me/phones/<uuid:pk>/end", my_phones.end, name="phone-end"),
    path("people/<slug:username>/phones/", my_phones.of_person, name="phones-of"),
    path("forms/", desk.forms, name="field-forms"),
    path("forms/version/<int:pk>.xlsx", desk.book, name="field-form-book"),
    path("forms/edition/<int:pk>/close", desk.close, name="field-edition-close"),
    path("forms/draft/<uuid:pk>/", desk.draft, name="field-draft"),
    path("forms/draft/<uuid:pk>/publish", desk.publish_draft, name="field-draft-publish"),
    path("forms/<str:code>/", desk.form, name="field-form"),
    path("incoming/", incoming.incoming, name="incoming"),
    path("incoming/<uuid:pk>/", incoming.submission, name="field-submission"),
    path("incoming/<uuid:pk>/<int:key>/<str:variant>", incoming.submitted_file, name="submitted-file"),
]
