"""How somebody may be reached without harm, and what must never be said or done."""
