"""All paths of a host that serves the public page alone (SANXIAO_TIP_HOST)."""

from django.urls import path
from django.views.generic import RedirectView

from sanxiao.tips import public

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="tip-public")),
    path("tip/", public.tip, name="tip-public"),
    path("tip/receipt", public.answer, name="tip-receipt"),
]

handler404 = public.not_here
handler500 = public.failed
