"""Two truths of the house that Django's types cannot know; without them half of all findings are noise.

A lazy translation is used as the text it becomes. A view sees a signed-in officer: whoever is not signed in never
gets past `login_required`, and the few public views do not look at `request.user`.
"""

from collections.abc import Callable

from mypy.nodes import MypyFile, TypeInfo
from mypy.plugin import AttributeContext, FunctionContext, Plugin
from mypy.types import Instance, Type

LAZY = {"gettext_lazy", "ngettext_lazy", "pgettext_lazy"}


def text(context: FunctionContext) -> Type:
    return context.api.named_generic_type("builtins.str", [])


class House(Plugin):
    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        # A module that looks at request.user without importing User must still know it.
        ours = file.fullname.startswith("sanxiao.") and file.fullname != "sanxiao.office.models"
        return [(10, "sanxiao.office.models", -1)] if ours else []

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        module, _dot, name = fullname.rpartition(".")
        return text if module == "django.utils.translation" and name in LAZY else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return self.officer if fullname.endswith("HttpRequest.user") else None

    def officer(self, context: AttributeContext) -> Type:
        found = self.lookup_fully_qualified("sanxiao.office.models.User")
        return Instance(found.node, []) if found and isinstance(found.node, TypeInfo) else context.default_attr_type


def plugin(version: str) -> type[Plugin]:
    return House
