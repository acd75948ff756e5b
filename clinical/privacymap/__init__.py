"""The privacy map: for one client, who may be told what, by which rule and until when; and what if."""
