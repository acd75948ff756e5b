"""988 and county mobile crisis: where a card comes from, and how a contact may end."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0019_call_counts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='card',
            name='kind',
            field=models.CharField(choices=[('referral', "Officer's referral"), ('incident', '911 call'), ('medic', "Medic's referral"), ('988', '988 Lifeline'), ('mobile', 'County mobile crisis')], max_length=8),
        ),
        migrations.AlterField(
            model_name='encounter',
            name='disposition',
            field=models.CharField(blank=True, choices=[('stayed', 'Stayed home'), ('family', 'With family or friends'), ('crisis', 'Crisis center'), ('ed', 'Emergency department by ambulance'), ('voluntary', 'Hospital, by choice'), ('commitment', 'Involuntary examination (302)'), ('arrest', 'Arrest by an officer'), ('left', 'Left'), ('mobile', 'Handed to county mobile crisis'), ('988', 'Connected to the 988 Lifeline'), ('program', 'Stayed with the program')], max_length=12),
        ),
    ]
