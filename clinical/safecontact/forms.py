"""The safe-contact card as a form."""

from typing import Any

from django import forms

from clinical.safecontact.words import Way
from consent.texts import LineField, ProseField

CHIPS = {"class": "options--chips"}


def _prose(label: str, help_text: str = "", most: int = 500) -> ProseField:
    return ProseField(
        label=label,
        required=False,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SafeContactForm(forms.Form):
    """How to reach somebody, what never to do, and why others stay out of it: in their own words."""

    ways = forms.MultipleChoiceField(
        label="Reach them by", required=False, widget=forms.CheckboxSelectMultiple(attrs=CHIPS), choices=Way.choices,
        help_text="Only these, if any is chosen.",
    )  # fmt: skip
    never = forms.MultipleChoiceField(
        label="Never by",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        choices=Way.choices,
    )
    best_time = LineField(label="When", required=False, max_length=200)
    say_as = LineField(
        label="Who we say we are", required=False, max_length=200, help_text="If somebody else answers"
    )
    code_word = LineField(
        label="Code word", required=False, max_length=60, help_text="They say it, and we hang up"
    )
    language = LineField(label="Language, interpreter", required=False, max_length=60)
    never_tell = _prose("Who must not learn of it", most=300)
    no_police_because = _prose("Why no police, if so", "Their reason, in their words; it stays on this card.")
    no_child_services_because = _prose(
        "Why no child services, if so", "A mandated report is another matter: ask the supervisor."
    )

    def clean(self) -> dict[str, Any]:
        """No way is wanted and ruled out at once; an empty card is none."""
        cleaned = super().clean() or {}
        both = set(cleaned.get("ways", ())) & set(cleaned.get("never", ()))
        if both:
            words = dict(Way.choices)
            self.add_error(
                "never", f"Chosen above as well: {', '.join(sorted(words[each] for each in both))}."
            )
        if not any(cleaned.values()) and not self.errors:
            raise forms.ValidationError("The card is empty. Choose a way, or write when and how.")
        return cleaned
