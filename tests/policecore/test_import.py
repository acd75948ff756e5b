"""A city's file of calls: all of it comes in once, and what doesn't is kept with its reason."""

import csv
import gzip
import io
import re
import time
import tracemalloc

import pytest
from django.core.management import CommandError, call_command

from consent import access
from policecore.cad import layout as layouts
from policecore.cad import services as cad
from policecore.models import Incident, QuarantinedRow
from tests.policecore.stage import PURPOSE
from tests.shared_data import shared

MONTGOMERY = shared("data", "cad", "montgomery-pa-911-sample.csv.gz")
SEATTLE = shared("data", "cad", "seattle-spd-911-incident-response.csv")
HEADER = ["lat", "lng", "desc", "zip", "title", "timeStamp", "twp", "addr", "e"]
GOOD = [
    "40.09",
    "-75.37",
    "A & B; STA; 2016",
    "19401",
    "EMS: FALL VICTIM",
    "2016-01-05 12:00:00",
    "UPPER MERION",
    "A & B",
    "1",
]


def line(**changed):
    return [changed.get(name, value) for name, value in zip(HEADER, GOOD, strict=True)]


def text(*rows, header=HEADER):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def import_cad(file, layout="montgomery", **more):
    out = io.StringIO()
    call_command("import_cad", str(file), layout=layout, stdout=out, **more)
    found = dict(re.findall(r"^  (read|new|already known|quarantined)\s+([\d,]+)$", out.getvalue(), re.M))
    return {name: int(number.replace(",", "")) for name, number in found.items()}, out.getvalue()


def kept():
    with access.opened("system:import", PURPOSE):
        return Incident.objects.count()


def quarantined():
    with access.opened("system:import", PURPOSE):
        return [
            (row.line_number, row.reason, row.column)
            for row in QuarantinedRow.objects.order_by("line_number")
        ]


def test_the_real_montgomery_file_comes_in_once_and_every_row_is_accounted_for(city):
    began = time.monotonic()
    first, told = import_cad(MONTGOMERY)
    took = time.monotonic() - began
    again, _told = import_cad(MONTGOMERY)

    assert first == {"read": 20_000, "new": 19_986, "already known": 11, "quarantined": 3}
    assert again == {"read": 20_000, "new": 0, "already known": 19_997, "quarantined": 3}
    assert kept() == 19_986
    assert quarantined() == [
        (5456, "place-outside", "lat"),
        (8315, "place-outside", "lat"),
        (16715, "place-outside", "lat"),
    ]
    assert "HORSHAM" not in told
    assert took < 60


def test_the_real_seattle_file_comes_in_by_the_same_code(city):
    first, _told = import_cad(SEATTLE, "seattle")
    again, _told = import_cad(SEATTLE, "seattle")

    assert first == {"read": 706, "new": 706, "already known": 0, "quarantined": 0}
    assert again == {"read": 706, "new": 0, "already known": 706, "quarantined": 0}


def test_a_row_becomes_a_call_of_its_zones_unit(city, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(
        text(line(title="Traffic: DISABLED VEHICLE -", timeStamp="2016-07-05 12:00:00", addr="A & B "))
    )

    import_cad(file)

    with access.opened("system:import", PURPOSE):
        call = Incident.objects.select_related("zone", "compartment__scope__program").get()
    assert (call.call_group, call.call_type, call.kind) == ("Traffic", "DISABLED VEHICLE", "traffic")
    assert call.occurred_at.isoformat() == "2016-07-05T16:00:00+00:00"
    assert (call.zone.slug, call.location) == ("ZONE2", "A & B, UPPER MERION")
    assert call.compartment.scope.program.slug == "ZONE2"
    assert call.compartment.scope.segments == ["CAD"]


def test_a_blank_district_is_found_by_the_nearest_centre(city, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(text(line(twp="", lat="40.25", lng="-75.64")))

    import_cad(file)

    with access.opened("system:import", PURPOSE):
        assert Incident.objects.select_related("zone").get().zone.slug == "ZONE7"


@pytest.mark.parametrize(
    ("changed", "reason", "column"),
    [
        ({"timeStamp": ""}, "time-missing", "timeStamp"),
        ({"timeStamp": "05/01/2016"}, "time-unreadable", "timeStamp"),
        ({"timeStamp": "2016-03-13 02:30:00"}, "time-impossible", "timeStamp"),
        ({"timeStamp": "0016-01-05 12:00:00"}, "time-impossible", "timeStamp"),
        ({"timeStamp": "9999-12-31 23:59:59"}, "time-impossible", "timeStamp"),
        ({"title": "EMS: "}, "type-missing", "title"),
        ({"lat": "north"}, "place-unreadable", "lat"),
        ({"lat": "nan"}, "place-unreadable", "lat"),
        ({"lng": ""}, "place-unreadable", "lng"),
        ({"lng": "-175.37"}, "place-outside", "lat"),
        ({"lat": "", "lng": "", "twp": "ELSEWHERE"}, "no-zone", "twp"),
        ({"addr": "A" * 301}, "too-long", "location"),
    ],
)
def test_an_odd_row_is_kept_with_its_line_and_reason_and_echoed_nowhere(
    changed, reason, column, city, tmp_path, capsys
):
    file = tmp_path / "calls.csv"
    file.write_text(text(line(), line(**{"desc": "SECRET"} | changed)))

    totals, told = import_cad(file)

    assert totals == {"read": 2, "new": 1, "already known": 0, "quarantined": 1}
    assert quarantined() == [(3, reason, column)]
    assert "SECRET" not in told + "".join(capsys.readouterr())


def test_the_same_odd_row_is_kept_once(city, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(text(line(lat="x")))

    import_cad(file)
    totals, _told = import_cad(file)

    assert totals == {"read": 1, "new": 0, "already known": 0, "quarantined": 1}
    assert len(quarantined()) == 1


def test_rows_with_too_few_columns_bytes_that_are_no_text_and_a_stray_quote_stand_alone(city, tmp_path):
    good = [text(line(addr=f"{n} ST")).splitlines()[1] for n in range(4)]
    file = tmp_path / "calls.csv"
    lines = [
        ",".join(HEADER),
        good[0],
        "1,2,3",
        '"open,' + good[1],
        good[1],
        "\udcff" + good[2],
        good[2],
        "",
        good[3],
    ]
    file.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))

    totals, _told = import_cad(file)

    assert totals == {"read": 7, "new": 4, "already known": 0, "quarantined": 3}
    assert quarantined() == [(3, "columns", ""), (4, "quoting", ""), (6, "encoding", "")]


def test_a_quote_that_never_closes_swallows_no_row(city, tmp_path):
    rows = text(*(line(addr=f"{n} ST") for n in range(2_000))).splitlines()
    rows.insert(1, '"' + rows[1])
    file = tmp_path / "calls.csv"
    file.write_text("\n".join([*rows, ""]))

    totals, _told = import_cad(file)

    assert totals == {"read": 2_001, "new": 2_000, "already known": 0, "quarantined": 1}


def test_a_line_break_inside_quotes_is_part_of_its_row(city, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(text(line(desc="first\nsecond"), line(lat="x")))

    totals, _told = import_cad(file)

    assert totals["new"] == 1
    assert quarantined() == [(4, "place-unreadable", "lat")]


def broken_files(folder):
    whole = text(*(line(addr=f"{n} ST") for n in range(3_000)))
    packed = gzip.compress(whole.encode())
    yield "cut.csv.gz", packed[: len(packed) // 2], r"line \d+: the gzip file is cut off"
    yield "bent.csv.gz", packed[:4000] + bytes(500) + packed[4500:], r"line \d+: the gzip file is damaged"
    yield "not.csv.gz", whole.encode(), "byte 0: it is named .gz"
    yield "cut.csv", whole.encode()[:-30], "line 3001: the file ends in the middle of this row"
    yield "quote.csv", (whole + '1,"2').encode(), "line 3002: the file ends in the middle of this row"
    yield "empty.csv", b"", "line 1: the file is empty"
    yield (
        "headless.csv",
        "\n".join(whole.splitlines()[1:]).encode(),
        "line 1: layout `montgomery` needs the missing `lat`",
    )
    yield (
        "column.csv",
        text(line()[1:], header=HEADER[1:]).encode(),
        "line 1: layout `montgomery` needs the missing `lat`",
    )
    yield (
        "twice.csv",
        text([*line(), "1"], header=[*HEADER, "lat"]).encode(),
        "column `lat` stands there twice",
    )
    yield "seattle.csv", SEATTLE.read_bytes(), "these are the columns of layout `seattle`"


@pytest.mark.parametrize("name", [name for name, _content, _message in broken_files(None)])
def test_a_broken_file_says_where_and_leaves_nothing_behind(name, city, tmp_path):
    content, message = next((c, m) for n, c, m in broken_files(tmp_path) if n == name)
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CommandError, match=message) as error:
        import_cad(tmp_path / name)

    assert "0 ST" not in str(error.value)
    assert "FALL VICTIM" not in str(error.value)
    assert kept() == 0
    assert quarantined() == []


def test_a_mended_file_comes_in_whole(city, tmp_path):
    whole = text(*(line(addr=f"{n} ST") for n in range(1_500)))
    file = tmp_path / "calls.csv"
    file.write_text(whole[:-30])
    with pytest.raises(CommandError):
        import_cad(file)
    file.write_text(whole)

    totals, _told = import_cad(file)

    assert totals["new"] == totals["read"] == 1_500


@pytest.mark.parametrize(
    ("file", "layout", "message"),
    [
        ("absent.csv", "montgomery", "there is no such file"),
        ("absent.csv", "../montgomery", "no layout"),
        ("absent.csv", "gotham", "there are: montgomery, seattle"),
    ],
)
def test_a_wrong_name_is_said_clearly(file, layout, message, city, tmp_path):
    with pytest.raises(CommandError, match=re.escape(message)):
        import_cad(tmp_path / file, layout)


def test_without_zones_nothing_is_imported(db, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(text(line()))

    with pytest.raises(CommandError, match="there is no zone `DOWNTOWN`"):
        import_cad(file)


def test_shifted_calls_end_now_say_so_and_stay_the_same_calls(city, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(text(line(timeStamp="2016-01-05 12:00:00"), line(timeStamp="2016-01-05 11:00:00")))

    _totals, told = import_cad(file, shift_to_now=True)
    again, _told = import_cad(file)

    with access.opened("system:import", PURPOSE):
        last, first = [call.occurred_at for call in Incident.objects.newest_first()]
    assert (last - first).total_seconds() == 3600
    assert abs(last.timestamp() - time.time()) < 60
    assert "these calls did not happen when they say" in told
    assert again["already known"] == 2


def test_a_new_citys_columns_need_no_code(city, tmp_path, monkeypatch):
    monkeypatch.setattr(layouts, "FOLDER", tmp_path)
    (tmp_path / "gotham.toml").write_text(
        """
        title = "Gotham"
        time_zone = "America/Chicago"
        delimiter = ";"
        encoding = "latin-1"
        id = { column = "Nr" }
        occurred_at = { columns = ["Scene", "Call"], format = "%d.%m.%Y %H:%M" }
        call = { type = "What" }
        place = { location = ["Street", "Cross"] }
        priority = { column = "P" }
        kinds.welfare = { types = ["CHECK"] }
        [zones]
        column = "Beat"
        DOWNTOWN = { districts = ["A1"] }
        ZONE3 = { types = ["BOAT"] }
        """
    )
    file = tmp_path / "calls.csv"
    file.write_bytes(
        "Nr;Call;Scene;What;P;Street;Cross;Beat\n7;01.02.2020 10:00;;CHECK;2;É St;;a1\n8;01.02.2020 10:00;;BOAT;;;;\n".encode(
            "latin-1"
        )
    )

    totals, _told = import_cad(file, "gotham")

    assert totals["new"] == 2
    with access.opened("system:import", PURPOSE):
        check, boat = Incident.objects.select_related("zone").order_by("external_id")
    assert (check.kind, check.priority, check.location, check.zone.slug) == (
        "welfare",
        "2",
        "É St",
        "DOWNTOWN",
    )
    assert check.occurred_at.isoformat() == "2020-02-01T16:00:00+00:00"
    assert boat.zone.slug == "ZONE3"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('speling = "x"', "unknown key `speling`"),
        ('time_zone = "Mars/Base"', "no time zone `Mars/Base`"),
        ('encoding = "klingon"', "no encoding `klingon`"),
        ('kinds.dragons = { types = ["FIRE"] }', "unknown kind `dragons`"),
        ('id = { column = "a", hash_of = ["b"] }', "[id] needs either `column` or `hash_of`"),
        ('zones.Z2 = { districts = ["A1"] }', "a district belongs to two zones"),
        ("title = [", "TOMLDecodeError"),
    ],
)
def test_a_layout_with_a_mistake_names_it(change, message, tmp_path, monkeypatch):
    monkeypatch.setattr(layouts, "FOLDER", tmp_path)
    said = {
        "title": 'title = "Gotham"',
        "time_zone": 'time_zone = "America/Chicago"',
        "id": 'id = { column = "Nr" }',
        "occurred_at": 'occurred_at = { columns = ["Call"], format = "%d" }',
        "call": 'call = { type = "What" }',
        "place": 'place = { location = ["Street"] }',
        "zones": 'zones.Z1 = { districts = ["A1"] }',
    }
    said[change.split(" ")[0]] = change
    (tmp_path / "gotham.toml").write_text("\n".join(said.values()))

    with pytest.raises(layouts.BadLayout, match=re.escape(message)):
        layouts.load("gotham")


@pytest.mark.parametrize("name", ["montgomery", "seattle"])
def test_the_shipped_layouts_name_seven_zones_and_downtown(name):
    layout = layouts.load(name)

    assert sorted(zone.slug for zone in layout.zones) == ["DOWNTOWN", *(f"ZONE{n}" for n in range(1, 8))]


def test_memory_stays_flat_however_long_the_file_is(tmp_path):
    def peak(rows):
        file = tmp_path / f"{rows}.csv.gz"
        with gzip.open(file, "wt") as out:
            out.write(text())
            out.writelines(text(line(addr=f"{n} ST")).split("\n", 1)[1] for n in range(rows))
        tracemalloc.start()
        for _batch in cad._batches(file, layouts.load("montgomery")):
            pass
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(12_000) < 1.5 * peak(3_000)
