"""Defects of values, codes and history, one for each rule: what is spoilt in a lot, and the rows that the rule must name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import shapely

from etl.recipe import Recipe
from tests.etl.sown_shapes import METRE

FILE = 0
"""Row number of what is said of the file as a whole."""


def spoil(lot, rng, n, among=None, **values):
    """Write values into n rows; a function takes the value that was there. Their numbers."""
    rows = rng.choice(lot.rows if among is None else among, n, replace=False).tolist()
    for row in rows:
        lot.set(row, **{name: value(lot.get(row, name)) if callable(value) else value for name, value in values.items()})
    return rows


def of_level(lot, *digits):
    """Rows of units whose statistical code has so many digits that count."""
    filled = {4: "00000000", 6: "000000", 9: "000"}
    ends = [filled.get(n, "") for n in digits]
    return [
        row for row in lot.rows
        if any(str(lot.get(row, "code")).endswith(end) if end else not str(lot.get(row, "code")).endswith("000") for end in ends)
    ]  # fmt: skip


VILLAGE, TOWN = (12,), (9,)


def towns(lot):
    return [row for row in of_level(lot, 9) if str(lot.get(row, "code"))[6:9] != "000"]


# --- codes


def pattern(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code[:19])


def code_as_number(lot, rng):
    return spoil(lot, rng, 3, code=float)


def unit_code_length(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), code=lambda code: code[1:])


def unit_province(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), code=lambda code: "10" + code[2:])


def town_digits(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), code=lambda code: code[:6] + "7" + code[7:])


def village_digits(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), code=lambda code: code[:9] + "9" + code[10:])


def level_of_code(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), level="乡镇")


def grid_prefix(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: "990109" + code[6:])


def sequence_hole(lot, rng):
    grids = sorted((lot.get(row, "code"), row) for row in lot.rows if len(lot.get(row, "code")) == 15)
    n = int(rng.choice([n for n in range(1, len(grids) - 1) if grids[n - 1][0][:12] == grids[n + 1][0][:12]]))
    lot.drop([grids[n][1]])
    return [grids[n + 1][1]]


def code_blank(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code[:6] + " " + code[6:])


def code_letter(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code.replace("0", "O", 1))


def code_length(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code[1:])


def code_placeholder(lot, rng):
    return spoil(lot, rng, 1, code="99999999")


def codes_rounded(lot, _rng):
    lot.raw.frame["code"] = [str(int(float(code))) for code in lot.raw.frame["code"]]
    return [FILE]


def codes_ending_in_zeros(lot, _rng):
    lot.raw.frame["code"] = [code[:15] + "00000" for code in lot.raw.frame["code"]]
    return [FILE]


def device_type(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code[:10] + "118" + code[13:])


def device_industry(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code[:8] + "77" + code[10:])


def device_network(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: code[:13] + "9" + code[14:])


def device_centre(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: "44010600" + code[8:])


def device_place(lot, rng):
    return spoil(lot, rng, 3, code=lambda code: ("990102" if code[:6] != "990102" else "990101") + code[6:])


def unknown_unit(lot, rng):
    return spoil(lot, rng, 3, district="990177")


def claims_elsewhere(lot, rng):
    return spoil(lot, rng, 3, district=lambda code: "990102" if str(code) != "990102" else "990101")


# --- lists of values


def not_a_choice(lot, rng):
    return spoil(lot, rng, 3, status="8")


def not_yes_or_no(lot, rng):
    return spoil(lot, rng, 3, lit="不详")


def vintage(lot, rng):
    spoil(lot, rng, 4, shape=5)
    lot.raw.frame = lot.raw.frame.rename(columns={"shape": "PTZType"})
    return [row for row in lot.rows if str(lot.get(row, "PTZType")).removesuffix(".0") == "5"]


def vintage_by_values(lot, rng):
    """No header tells, but a 7 stands in the column, which only GB/T 28181-2022 has."""
    spoil(lot, rng, 4, shape=5)
    lot.set(int(rng.choice([row for row in lot.rows if lot.get(row, "shape") != 5])), shape=7)
    return [row for row in lot.rows if str(lot.get(row, "shape")).removesuffix(".0") == "5"]


def asked_networked(lot, _rng):
    """是否联网 1 is a yes, where 联网属性 1 is a no."""
    lot.raw.frame["networked"] = 1
    lot.raw.frame = lot.raw.frame.rename(columns={"networked": "是否联网"})
    return list(lot.rows)


def direction_or_degrees(lot, rng):
    degrees = spoil(lot, rng, 4, azimuth=90)
    return [row for row in lot.rows if row not in degrees]


def contradiction(lot, rng):
    return spoil(lot, rng, 3, status="拆除", online="在线")


# --- domains


def required(lot, rng):
    return spoil(lot, rng, 3, name=" ")


def out_of_range(lot, rng):
    return spoil(lot, rng, 3, angle=400)


def not_a_number(lot, rng):
    return spoil(lot, rng, 3, seats="很多")


def not_whole(lot, rng):
    return spoil(lot, rng, 3, seats=12.5)


def not_a_date(lot, rng):
    return spoil(lot, rng, 3, built="2025-13-40")


def percentage(lot, rng):
    return spoil(lot, rng, 3, share=980)


def zero_measure(lot, rng):
    return spoil(lot, rng, 3, floor=0)


def nines(lot, rng):
    return spoil(lot, rng, 3, events=99999)


def unit_slip(lot, rng):
    return spoil(lot, rng, 2, mu=lambda mu: float(mu) * 2000)


def at_most(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), households=lambda _: 99_000)


def person(lot, rng):
    return spoil(lot, rng, 3, address="王某 110101199003071234")


def phone(lot, rng):
    return spoil(lot, rng, 3, address="村口，电话13800001234")


def device_address(lot, rng):
    return spoil(lot, rng, 3, address="村口 192.168.1.64")


# --- names


def mojibake(lot, rng):
    return spoil(lot, rng, 2, name="锟斤拷村") + spoil(lot, rng, 2, name="王??村")


def private_character(lot, rng):
    return spoil(lot, rng, 3, name="\ue170村礼堂")


def control_character(lot, rng):
    return spoil(lot, rng, 3, name="王\u202e村礼堂")


def markup(lot, rng):
    return spoil(lot, rng, 3, name="<img src=x onerror=alert(1)>")


def formula(lot, rng):
    return spoil(lot, rng, 3, name='=HYPERLINK("a")')


def nothing_said(lot, rng):
    return spoil(lot, rng, 3, name="暂无")


def cut_text(lot, rng):
    return spoil(lot, rng, 2, address="路" * 84 + "ab") + spoil(lot, rng, 1, address="路" * 127)


def no_letters(lot, rng):
    return spoil(lot, rng, 3, name="20250113")


def filled_down(lot, rng):
    return sorted(spoil(lot, rng, len(lot.rows) * 6 // 10, name="监控点"))


def spaced_name(lot, rng):
    return spoil(lot, rng, 3, name="王 村礼堂")


# --- one thing, one row


def duplicate_key(lot, rng):
    row = int(rng.choice(lot.rows))
    return [row, lot.copy_row(row, name="另一个名称")]


def owned(lot, rng):
    rows = rng.choice(lot.rows, 3, replace=False).tolist()
    theirs = {lot.get(row, "code"): "公安" for row in rows}
    lot.ground = replace(lot.ground, owners=lambda keys: {key: theirs[key] for key in keys if key in theirs})
    return rows


def twins(lot, rng):
    row = int(rng.choice(lot.rows))
    return [lot.copy_row(row, code="9909010012076999")]


def alike_keys(lot, rng):
    row = int(rng.choice(lot.rows))
    return [lot.copy_row(row, code="0" + lot.get(row, "code"), name="另一座礼堂")]


def same_name(lot, rng):
    villages = of_level(lot, 12)
    pairs = [(one, other) for one in villages for other in villages if one < other]
    one, other = rng.choice([pair for pair in pairs if len({lot.get(row, "parent") for row in pair}) == 1]).tolist()
    lot.set(other, name=lot.get(one, "name"))
    return [other]


def same_name_and_place(lot, rng):
    row = int(rng.choice(lot.rows))
    return [lot.copy_row(row, code="99010102001310999999", keeps_days=31)]


# --- who stands above whom


def unknown_parent(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), parent="990101999000")


def parent_not_above(lot, rng):
    villages = of_level(lot, 12)
    return spoil(lot, rng, 2, villages[1:], parent=lot.get(villages[0], "code"))


def own_parent(lot, rng):
    rows = rng.choice(of_level(lot, 12), 2, replace=False).tolist()
    for row in rows:
        lot.set(row, parent=lot.get(row, "code"))
    return rows


def circle(lot, rng):
    one, other = rng.choice(towns(lot), 2, replace=False).tolist()
    lot.set(one, parent=lot.get(other, "code"))
    lot.set(other, parent=lot.get(one, "code"))
    return [one, other]


def level_skipped(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), parent=lambda code: code[:6] + "000000")


def parent_prefix(lot, rng):
    villages = of_level(lot, 12)
    away = next(lot.get(row, "parent") for row in reversed(villages))
    near = [row for row in villages if lot.get(row, "parent")[:9] != away[:9]]
    return spoil(lot, rng, 3, near, parent=away)


parent_elsewhere = parent_prefix


def people_do_not_add_up(lot, rng):
    return spoil(lot, rng, 2, towns(lot), population=lambda n: int(int(n) * 1.15))


def left_behind(lot, rng):
    lot.stood()
    lot.drop([int(rng.choice(of_level(lot, 12)))])
    return [FILE]


# --- days


def future(lot, rng):
    return spoil(lot, rng, 3, built="2062-01-05")


def ancient(lot, rng):
    return spoil(lot, rng, 3, built="0202-05-01")


def zero_day(lot, rng):
    return spoil(lot, rng, 4, built="1900-01-01")


def day_order(lot, rng):
    return spoil(lot, rng, 3, began="2024-05-01", ended="2021-03-01")


def as_of_future(lot, _rng):
    lot.as_of = date.today() + timedelta(days=30)
    return [FILE]


def day_changed(lot, rng):
    known = lot.stood()
    at = rng.choice(np.flatnonzero(known["built"].notna()), 3, replace=False)
    known.loc[at, "built"] = [day - timedelta(days=700) for day in known.loc[at, "built"]]
    return lot.rows[at].tolist()


# --- plausibility


def draw(lot, rng, n, change):
    rows = rng.choice(lot.rows, n, replace=False).tolist()
    for row in rows:
        lot.draw(row, change(lot.shape(row)))
    return rows


def null_island(lot, rng):
    return draw(lot, rng, 3, lambda _: shapely.Point(0, 0))


def far_away(lot, rng):
    return draw(lot, rng, 3, lambda at: shapely.Point(at.x + 3, at.y))


def one_for_both(lot, rng):
    return draw(lot, rng, 3, lambda at: shapely.Point(at.y, at.y))


def stacked(lot, rng):
    at = lot.shape(lot.rows[0])
    return sorted({int(lot.rows[0]), *draw(lot, rng, 3, lambda _: at)})


def shifted(lot, rng, n, metres):
    """So many rows stood elsewhere before."""
    known = lot.stood()
    at = rng.choice(len(known), n, replace=False)
    known.loc[at, "x"] = known.loc[at, "x"] + metres * METRE
    return known, at


def moved(lot, rng):
    return lot.rows[shifted(lot, rng, 3, 500)[1]].tolist()


def all_moved(lot, rng):
    shifted(lot, rng, len(lot.rows), 541)
    return [FILE]


def people_jump(lot, rng):
    known = lot.stood()
    at = rng.choice(np.flatnonzero(known["population"] > 500), 3, replace=False)
    known.loc[at, "population"] = known.loc[at, "population"] * 10
    return lot.rows[at].tolist()


def number_jump(lot, rng):
    known = lot.stood()
    at = rng.choice(np.flatnonzero(known["seats"].notna()), 3, replace=False)
    known.loc[at, "seats"] = known.loc[at, "seats"] * 1000
    return lot.rows[at].tolist()


def area_jump(lot, rng):
    known = lot.stood()
    at = rng.choice(len(known), 3, replace=False)
    known.loc[at, "area"] = known.loc[at, "area"] * 0.7
    return lot.rows[at].tolist()


def dense(lot, rng):
    return spoil(lot, rng, 2, of_level(lot, 12), population=lambda _: 90_000_000)


def household_size(lot, rng):
    return spoil(lot, rng, 3, of_level(lot, 12), households=lambda _: 1)


def key_reused(lot, rng):
    known, at = shifted(lot, rng, 2, 2000)
    known.loc[at, "name"] = "Bridgehead"
    return lot.rows[at].tolist()


def on_centre(lot, rng):
    known = lot.ground.units()
    for code in rng.permutation(known["code"][known["code"].str.len() == 17].to_numpy()):
        centre = lot.ground.outlines([code])[0].centroid
        if lot.ground.place(np.array([centre], dtype=object))[0][0] == code:
            return draw(lot, rng, 4, lambda _, at=centre: at)
    raise AssertionError("no grid holds its own centre")


def shrunk(lot, _rng):
    lot.stood()
    lot.drop(lot.rows[: len(lot.rows) * 6 // 10])
    return [FILE]


def keys_renewed(lot, _rng):
    lot.stood(key=lambda known: "X" + known["key"].astype(str))
    return [FILE]


# --- the file


def empty(lot, _rng):
    lot.drop(lot.rows)
    lot.recipe = Recipe(theme=lot.theme.name, source="s", crs="EPSG:4490")
    return [FILE]


def elsewhere(lot, rng):
    draw(lot, rng, len(lot.rows) * 6 // 10, lambda at: shapely.Point(at.x - 4, at.y))
    return [FILE]
