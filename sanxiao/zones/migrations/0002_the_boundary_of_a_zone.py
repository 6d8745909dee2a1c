from django.db import migrations, models


class Migration(migrations.Migration):
    """A zone has a boundary, not only a point."""

    dependencies = (("zones", "0001_first"),)

    operations = (
        migrations.AddField(
            model_name="zone",
            name="boundary",
            field=models.JSONField(blank=True, default=list, verbose_name="边界"),
        ),
    )
