"""What a wall shows, measured in its DOM: every text with its box, size and contrast, and the room of each panel."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

SIZES = [
    (1920, 1080), (3840, 2160), (3840, 1080), (5760, 1080), (5760, 2160), (6656, 1792), (7680, 2160), (9600, 2160), (1080, 1920),
]  # fmt: skip

_MEASURE = """() => {
    const [W, H] = [innerWidth, innerHeight], shell = document.getElementById("shell");
    const sheet = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (text) => {
        sheet.clearRect(0, 0, 1, 1); sheet.fillStyle = text; sheet.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = sheet.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => top.slice(0, 3).map((part, at) => part * top[3] + below[at] * (1 - top[3]));
    const light = (rgb) => [.2126, .7152, .0722].reduce((sum, weight, at) => {
        const part = rgb[at] / 255;
        return sum + weight * (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    }, 0);
    const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
    /* Grounds that a text may stand on: its own and its ancestors' colours, and each colour of their gradients. */
    const grounds = (node) => {
        const found = [], chain = [];
        for (let at = node; at; at = at.parentElement) chain.push(at);
        let below = [[0, 0, 0]];
        for (const at of chain.reverse()) {
            const style = getComputedStyle(at), plain = rgba(style.backgroundColor);
            below = below.map((each) => over(plain, each));
            const whole = style.backgroundImage !== "none" && !/^linear-gradient\\((rgb[^)]*\\)|color[^)]*\\)), \\1\\)/.test(style.backgroundImage);
            const inks = whole ? style.backgroundImage.match(/(rgba?|color)\\([^()]*\\)/g) || [] : [];
            if (inks.length) below = [...below, ...inks.flatMap((ink) => below.slice(0, 1).map((each) => over(rgba(ink), each)))];
        }
        return below;
    };
    const texts = [], hidden = [];
    const walker = document.createTreeWalker(shell, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const node = text.parentElement;
        if (!text.data.trim() || node.closest(".onemap-ground, style, script, .maplibregl-canvas-container")) continue;
        const style = getComputedStyle(node);
        if (style.visibility !== "visible" || !node.checkVisibility({ opacityProperty: true })) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        let clip = [0, 0, W, H], ellipsis = false;
        for (let at = node; at && at !== document.body; at = at.parentElement) {
            const look = getComputedStyle(at);
            if (/hidden|clip|auto|scroll/.test(look.overflowX + look.overflowY) && at.id !== "shell") {
                const edge = at.getBoundingClientRect();
                clip = [Math.max(clip[0], edge.left), Math.max(clip[1], edge.top), Math.min(clip[2], edge.right), Math.min(clip[3], edge.bottom)];
            }
            if (look.position === "fixed") break;
        }
        const svg = node instanceof SVGElement, zoom = node.currentCSSZoom || 1;
        const size = parseFloat(style.fontSize) * (zoom || 1);
        const ink = rgba(svg ? style.fill : style.color);
        const glyphs = { top: box.top + (box.height - size) / 2, bottom: box.bottom - (box.height - size) / 2, left: box.left, right: box.right };
        texts.push({ text: text.data.trim().slice(0, 40), of: (node.closest("[id]") || {}).id, size, ...glyphs,
            out: [clip[0] - glyphs.left, clip[1] - glyphs.top, glyphs.right - clip[2], glyphs.bottom - clip[3]].some((each) => each > 1.5),
            contrast: Math.min(...grounds(node).map((each) => contrast(over(ink, each), each))),
            figure: Boolean(node.closest(".digits")) });
    }
    const overlaps = [];
    texts.forEach((a, at) => texts.slice(at + 1).forEach((b) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1.5 && high > 1.5) overlaps.push([a.text, b.text]);
    }));
    const area = (id) => { const box = document.getElementById(id).getBoundingClientRect(); return box.width * box.height; };
    const panels = ["card", "themes", "figures", "ranking", "covered", "trend", "stage", "foot", "top"].map((id) => document.getElementById(id))
        .filter((node) => node && getComputedStyle(node).display !== "none" && getComputedStyle(node).visibility === "visible");
    const overfull = panels.filter((node) => node.id !== "stage" && (node.scrollHeight > node.clientHeight + 2 || node.scrollWidth > node.clientWidth + 2)).map((node) => node.id);
    const page = document.documentElement;
    return { texts, overlaps, overfull, boxes: panels.map((node) => [node.id, node.getBoundingClientRect().toJSON()]),
        scroll: [page.scrollWidth - W, page.scrollHeight - H], map: (area("map") - area("legend") - area("trail")) / (W * H),
        bare: area("map") / (W * H) };
}"""


def measured(tab: Page) -> dict[str, Any]:
    """Texts, overlaps, panels and the map's share of a wall that is open in a tab.

    Returns
    -------
    dict
        "texts": text, size, box, contrast (the lowest on any ground it may stand on), out (of its room) and figure; "overlaps":
        pairs of texts; "overfull": panels that hold more than they show; "boxes"; "scroll"; "bare" and "map": its share of the wall, with and without
        what lies under legend and trail.
    """
    return tab.evaluate(_MEASURE)


def faults(found: dict[str, Any], height: int) -> list[str]:
    """What is wrong with a wall of a height, in words; empty for a good one."""
    said = [f"scrolls by {found['scroll']}"] * (found["scroll"] != [0, 0]) + [f"{a!r} lies on {b!r}" for a, b in found["overlaps"]]
    said += [f"{name} holds more than it shows" for name in found["overfull"]]
    said += [f"the map has {found['bare']:.1%}"] * (found["bare"] < 0.45)
    for each in found["texts"]:
        place = f"{each['text']!r} in {each['of']}"
        said += [f"{place} is clipped"] * each["out"]
        said += [f"{place} is {each['size']:.1f} high"] * (each["size"] < height / 60)
        said += [f"{place} has a contrast of {each['contrast']:.1f}"] * (each["contrast"] < 7)
        said += [f"{place} is a figure {each['size']:.1f} high"] * (each["figure"] and each["size"] < height / 18)
    return said


def laid_out(boxes: list[list[Any]], width: int, height: int) -> dict[str, list[int]]:
    """Panel -> left, top, right and bottom in hundredths of the wall: what a person can review, and antialiasing cannot change.

    Upright, four panels take turns in one place, which is called "turning".
    """
    turning = ("figures", "ranking", "covered", "trend") if width < height else ()
    ends = [("left", width), ("top", height), ("right", width), ("bottom", height)]
    return {"turning" if name in turning else name: [round(100 * box[end] / whole) for end, whole in ends] for name, box in boxes}
