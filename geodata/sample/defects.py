"""Rows as they go wrong in life, sown on purpose and written down, so that the map can show what it sets aside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

CAMERA_DEFECTS = ("unknown status", "position 0, 0", "position in the sea", "no code", "code of 19 digits", "exact duplicate")
"""What is wrong with the rows sown into the cameras' files, in turn."""

SPACE_DEFECTS = ("unknown state", "no number", "no outline", "outline in the sea", "exact duplicate")
"""What is wrong with the rows sown into the parcels' files, in turn."""

_SHARE = 0.01
_AWAY = 3.0
"""Degrees by which a misplaced row is moved: far out at sea."""


def _sown(n: int, kinds: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose evenly spread rows to copy; return them, their defect, and the order of all rows afterwards."""
    count = max(round(n * _SHARE), kinds) if n >= kinds else 0
    models = (np.arange(count) + 0.5) / max(count, 1) * n
    models = models.astype(int)
    order = np.argsort(np.concatenate([np.arange(n), models + 0.5]), kind="stable")
    return models, np.arange(count) % kinds, order


def soil_cameras(sheet: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Sow about one in a hundred wrong rows into a sheet of cameras.

    Parameters
    ----------
    sheet : DataFrame
        Of ``cameras_sheet``.

    Returns
    -------
    sheet : DataFrame
        With the wrong rows among the others.
    defects : list of dict
        ``row`` (data row, from 1), ``code`` and ``defect`` of each wrong row.
    """
    models, kind, order = _sown(len(sheet), len(CAMERA_DEFECTS))
    wrong = sheet.iloc[models].reset_index(drop=True)
    code = wrong["设备编码"].to_numpy(dtype=object).copy()
    fresh = np.array([text[:14] + f"{900_000 + k:06d}" for k, text in enumerate(code)], dtype=object)
    code = np.where(kind == 5, code, fresh)
    code[kind == 3] = ""
    code[kind == 4] = [text[:19] for text in code[kind == 4]]
    wrong["设备编码"] = code
    wrong.loc[kind == 0, "设备状态"] = 8
    wrong.loc[kind == 1, ["经度", "纬度"]] = 0.0
    wrong.loc[kind == 2, "经度"] = (wrong["经度"] + _AWAY).round(7)
    whole = pd.concat([sheet, wrong], ignore_index=True).iloc[order].reset_index(drop=True)
    return whole, _listed(order, len(sheet), code, kind, CAMERA_DEFECTS)


def soil_spaces(sheet: pd.DataFrame, shape: np.ndarray) -> tuple[pd.DataFrame, np.ndarray, list[dict[str, object]]]:
    """Sow about one in a hundred wrong rows into a sheet of parcels.

    Parameters
    ----------
    sheet : DataFrame
        Of ``spaces_sheet``.
    shape : ndarray of shapely.Polygon, shape (n,), EPSG:4490
        Outlines.

    Returns
    -------
    sheet : DataFrame
    shape : ndarray of shapely.Polygon or None
    defects : list of dict
        ``row`` (data row, from 1), ``code`` and ``defect`` of each wrong row.
    """
    models, kind, order = _sown(len(sheet), len(SPACE_DEFECTS))
    wrong, outline = sheet.iloc[models].reset_index(drop=True), shape[models].copy()
    code = wrong["地块编号"].to_numpy(dtype=object).copy()
    code = np.where(kind == 4, code, np.array([f"{text[:13]}{9000 + k % 1000:04d}" for k, text in enumerate(code)], dtype=object))
    code[kind == 1] = ""
    wrong["地块编号"] = code
    wrong.loc[kind == 0, "治理状态"] = "待核实"
    outline[kind == 2] = None
    outline[kind == 3] = shapely.transform(outline[kind == 3], lambda at: np.round(at + [_AWAY, 0.0], 7))
    whole = pd.concat([sheet, wrong], ignore_index=True).iloc[order].reset_index(drop=True)
    return whole, np.concatenate([shape, outline])[order], _listed(order, len(sheet), code, kind, SPACE_DEFECTS)


def _listed(
    order: np.ndarray, clean: int, code: np.ndarray, kind: np.ndarray, names: tuple[str, ...]
) -> list[dict[str, object]]:
    rows = np.flatnonzero(order >= clean)
    return [
        {"row": int(row) + 1, "code": str(code[order[row] - clean]), "defect": names[kind[order[row] - clean]]}
        for row in rows
    ]
