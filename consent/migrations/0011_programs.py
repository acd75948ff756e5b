"""What becomes of programs, and whose profile a new one keeps."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0014_closed_to_later'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='crisis_service',
            field=models.CharField(blank=True, choices=[('988', '988 Lifeline'), ('mobile_crisis', 'County mobile crisis')], max_length=16),
        ),
        migrations.AddField(
            model_name='program',
            name='kept_like',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.CreateModel(
            name='ProgramChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('renamed', 'Renamed'), ('ended', 'Ended'), ('split', 'Split'), ('merged', 'Merged'), ('restarted', 'Restarted')], max_length=10)),
                ('on', models.DateField()),
                ('name_before', models.CharField(blank=True, max_length=200)),
                ('name_after', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('is_same_program', models.BooleanField(default=False)),
                ('custodian', models.CharField(blank=True, max_length=200)),
                ('kept_under', models.CharField(blank=True, max_length=200)),
                ('kept_until', models.DateField(blank=True, null=True)),
                ('into', models.ManyToManyField(blank=True, related_name='+', to='consent.program')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='consent.program')),
            ],
            options={
                'ordering': ['on', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('program', 'on', 'kind'), name='program_changes_once_a_day_that_way'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'renamed'), _negated=True), models.Q(models.Q(('name_before', ''), _negated=True), models.Q(('name_after', ''), _negated=True)), _connector='OR'), name='program_renamed_from_one_name_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('kept_under', ''), ('kept_until__isnull', True)), models.Q(models.Q(('kept_under', ''), _negated=True), ('kept_until__isnull', False)), _connector='OR'), name='program_change_keeps_records_under_a_law_until_a_day')],
            },
        ),
    ]
