from django.db import migrations, models


class Migration(migrations.Migration):
    """A rule of proof may be one without which the part is a gap, or one that is due after every quarter."""

    dependencies = (("campaign", "0002_proofs_targets_tasks_meetings_accidents"),)

    operations = (
        migrations.AddField(
            model_name="proof",
            name="need",
            field=models.CharField(
                blank=True, choices=[("must", "必须有"), ("quarter", "每季度一次")], default="", max_length=8
            ),
            preserve_default=False,
        ),
    )
