"""`create_admin USERNAME NAME`: the first person of a real installation, who then adds all others."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import today
from sanxiao.web.people import a_password


class Command(BaseCommand):
    help = "Makes the account of the system administrator and prints its first password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *_args: Any, username: str, name: str, **_options: Any) -> None:
        office = Office.objects.on().filter(role="admin").order_by("area").first()
        if office is None:
            raise CommandError("No town is loaded yet: ./run manage setup_town towns/jincheng")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"{username} is taken. Choose another name.")
        password = a_password()
        user = User.objects.create_user(username, password, name=name, must_change_password=True)
        Post.objects.create(user=user, office=office, since=today())
        self.stdout.write(f"{username}  {password}\nTo be changed at the first sign-in; it is not shown again.")
