"""Examples of the API's description; the people in them are invented."""

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "one new referral",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "id": "0f4c2d4e-6a55-4c41-9b0e-2f3c1f0d8a11",
                "status": "requested",
                "authored_at": "2026-11-25T02:14:00-05:00",
                "changed_at": "2026-11-25T02:14:00-05:00",
            }
        ],
        "next": None,
    },
)

UNDER_PART_2 = OpenApiExample(
    "a referral under 42 CFR Part 2",
    response_only=True,
    status_codes=["200"],
    value={
        "id": "0f4c2d4e-6a55-4c41-9b0e-2f3c1f0d8a11",
        "status": "received",
        "authored_at": "2026-11-25T02:14:00-05:00",
        "changed_at": "2026-11-25T02:14:00-05:00",
        "program": {"code": "POST", "name": "Post Overdose Support Team"},
        "purpose": "COC",
        "segments": ["DEM", "SUDP2"],
        "content": {
            "DEM": {"name": "Quill Ashworth", "phone": "412-555-0143"},
            "SUDP2": {"reason": "asks for buprenorphine"},
        },
        "notices": [
            {
                "code": "OBL-P2-NOTICE",
                "text": "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
            }
        ],
        "consent_scope": [
            {
                "form": "P2-SPEC",
                "segments": ["DEM", "SUDP2"],
                "purposes": ["COC"],
                "signed_at": "2026-11-25T02:10:00-05:00",
                "ends_at": "2027-11-25T00:00:00-05:00",
                "end_event": "",
            }
        ],
        "basis": [{"rule": "p2.disclose.consent.2.33a1", "cite": "42 CFR 2.33(a)(1)"}],
        "obligations": ["OBL-MINNEC", "OBL-P2-NOTICE", "OBL-P2-SCOPE"],
    },
)
